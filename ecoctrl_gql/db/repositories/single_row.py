"""Tables that have one row at most."""

from typing import Any

from ecoctrl_gql.db import statements
from ecoctrl_gql.db.records import RowT
from ecoctrl_gql.db.repositories.base import Repository


class SingleRowRepository(Repository[RowT]):
    """The reads and writes of a table that has one row at most: read it by `only`, set it by `put`."""

    async def put(self, **values: Any) -> RowT:
        """
        Change columns of the row; where there is none yet, insert it.

        Raises:
            BadInputError: A value does not fit its column, or a new row lacks one.
        """
        statement = statements.put_only_row(self.row_type, tuple(values), self._all_names)
        stored: list[RowT] = await self._runner.fetch(statement, self._values(values))
        return stored[0]
