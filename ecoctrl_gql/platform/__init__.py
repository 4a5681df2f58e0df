"""The platform as a whole: its configuration and its backups."""
