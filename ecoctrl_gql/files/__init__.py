"""Uploaded files and 3D models."""
