"""Energy: areas of the site and their hourly readings."""
