"""What lies outside of the database and nodes need: one set a process, made from the settings."""

from dataclasses import dataclass

from ecoctrl_gql.config import Settings


@dataclass(frozen=True, slots=True)
class Tools:
    """
    What nodes reach the world with.

    Attributes:
        settings: How the server is set up.
    """

    settings: Settings
