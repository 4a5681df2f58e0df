"""How a node says that it could not do what it should."""

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]
"""What a node gave: JSON values by the names of the kind's outputs."""


class NodeFailure(Exception):  # noqa: N818 - the run fails or goes on, nothing of ours is in error
    """
    A node could not do what it should; the message says why, without secrets that are not in the config.

    Attributes:
        result: What it gave nevertheless, such as the answer of a server that refused.
    """

    def __init__(self, message: str, result: Result | None = None) -> None:
        super().__init__(message)
        self.result = result
