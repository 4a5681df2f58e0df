"""Alerts: what happened on a device that somebody should know of."""
