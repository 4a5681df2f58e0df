"""Notifications: messages to one user, who alone reads them."""
