"""Maintenance: tasks and when they are due."""
