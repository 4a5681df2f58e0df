"""Tables of which many rows are read or changed at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from ecoctrl_gql.db import batch_statements as statements
from ecoctrl_gql.db.conditions import EVERYTHING, Condition, parameters
from ecoctrl_gql.db.records import RowT
from ecoctrl_gql.db.repositories.base import Key, Repository

NOW = "now"
"""As the value of a time: the moment of the change by the database's clock, which all other times are by."""


class BatchRepository(Repository[RowT]):
    """What can be done with many rows in one statement besides."""

    async def count_groups(
        self, by: tuple[str, ...], condition: Condition = EVERYTHING
    ) -> dict[tuple[Any, ...], int]:
        """How many rows that meet a condition have the same values in columns ``by``, by those values."""
        statement = statements.count_groups(self.row_type, by, condition.shape)
        rows = await self._runner.fetch(statement, parameters(condition))
        return {tuple(values): count for *values, count in rows}

    async def create_many(self, rows: Sequence[Mapping[str, Any]]) -> list[RowT]:
        """
        Insert rows that name the same columns, in one statement; gives them in their order.

        Raises:
            DuplicateError, ConflictError, BadInputError: As for `create`.
        """
        if not rows:
            return []
        names = tuple(rows[0])
        statement = statements.insert_rows(self.row_type, names, self._all_names)
        return await self._change(statement, {f"set_{name}": [row[name] for row in rows] for name in names})

    async def update_many(
        self, keys: Sequence[Key], condition: Condition = EVERYTHING, **values: Any
    ) -> list[RowT]:
        """
        Change columns of those among some rows that meet a condition; gives them as they are then.

        Raises:
            DuplicateError, ConflictError, BadInputError: As for `create`.
        """
        statement = statements.update_rows(self.row_type, tuple(values), condition.shape, self._all_names)
        return await self._change(
            statement, {"keys": list(keys)} | parameters(condition) | self._values(values)
        )

    async def delete_many(self, keys: Sequence[Key], condition: Condition = EVERYTHING) -> list[Key]:
        """
        Delete those among some rows that meet a condition; gives their keys.

        Raises:
            ConflictError: Another row still refers to one.
        """
        statement = statements.delete_rows(self.row_type, condition.shape)
        return await self._change(statement, {"keys": list(keys)} | parameters(condition))
