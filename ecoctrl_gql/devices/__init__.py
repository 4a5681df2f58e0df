"""Devices: what happened to them."""
