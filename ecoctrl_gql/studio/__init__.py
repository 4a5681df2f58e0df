"""The studio: a browser for the data of all tables, for administrators."""
