"""Global ids in the inputs of mutations, with the path to each that can't be used."""

from collections.abc import Mapping, Sequence
from typing import Any

from ecoctrl_gql.api.node import parse_id
from ecoctrl_gql.checks import at_most
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.errors import BadInputError, EcoctrlError

MAX_IDS = 1000


def key_of(row_type: type[Base], id: str, *path: str) -> Any:
    """
    The key that a global id in an input names.

    Args:
        row_type: The table.
        id: The global id.
        path: Where it stands in the input.

    Raises:
        BadInputError: It is no global id, or that of another type.
    """
    try:
        return parse_id(row_type, id)
    except BadInputError as error:
        raise at(error, *path) from None


def keys_of_all(row_type: type[Base], ids: Sequence[str], name: str = "ids") -> list[Any]:
    """
    The keys that a list of global ids names, in its order.

    Raises:
        BadInputError: There are none or too many, or one is not of this table.
    """
    at_most(MAX_IDS, ids, "input", name)
    return [key_of(row_type, id, name, str(index)) for index, id in enumerate(ids)]


def at(error: EcoctrlError, *path: str) -> EcoctrlError:
    """The same error, about what stands there in the input."""
    return type(error)(error.message, field=("input", *path))


def errors_at(
    errors: Mapping[Any, EcoctrlError], keys: Sequence[Any], name: str = "ids"
) -> list[EcoctrlError]:
    """The errors of some of the keys that a list of global ids named, each with its places in the list."""
    return [at(errors[key], name, str(index)) for index, key in enumerate(keys) if key in errors]
