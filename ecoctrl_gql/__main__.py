"""``python -m ecoctrl_gql`` is the ``ecoctrl`` command."""

from ecoctrl_gql.cli import main

main()
