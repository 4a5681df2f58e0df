"""Dashboards: the cards on the grid, and the 3D scene."""
