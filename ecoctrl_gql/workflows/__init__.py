"""Workflows: automations, and their runs."""
