"""The ``ecoctrl`` command."""

from ecoctrl_gql.cli.main import main

__all__ = ["main"]
