"""EcoCtrl: a GraphQL API server for running the energy of buildings."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("ecoctrl_gql")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"
