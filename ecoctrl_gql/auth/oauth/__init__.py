"""Logging in with the accounts of WeChat and Feishu."""
