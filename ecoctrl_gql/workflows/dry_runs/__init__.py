"""Workflows tried before they act: a run that does nothing, and the past played again."""
