"""Accounts: users, their sessions, their linked accounts, their settings."""
