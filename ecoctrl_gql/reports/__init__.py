"""Reports: when they are made, and the forms that they take."""
