"""What every repository can do: read by key, by foreign key and in pages, and change rows."""

from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

from aiodataloader import DataLoader
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB

from ecoctrl_gql.db import statements
from ecoctrl_gql.db.conditions import EVERYTHING, Condition, parameters
from ecoctrl_gql.db.database import Runner
from ecoctrl_gql.db.keyset import Order, Window
from ecoctrl_gql.db.operands import array_of
from ecoctrl_gql.db.records import Columns, RowT, attributes, key_name, names_to_read
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tasks import grouped
from ecoctrl_gql.errors import NotFoundError

ResultT = TypeVar("ResultT")
Key = Any

SHORT_LIST_ROWS = 101
"""A list of so many rows costs more to ask for than to give; several are asked for together."""

SMALL_TABLE_ROWS = 100_000
"""The most that `Repository.all` reads."""


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """A stretch of a list in the list's order, and whether the list goes on beyond it."""

    records: list[RowT]
    has_previous: bool
    has_next: bool


class Repository(Generic[RowT]):
    """
    The reads and writes of one table.

    Reads take the ``columns`` that the caller will look at; none named means all but jsonb and long text.
    The loaders gather the keys of one turn of the event loop into one statement and remember what they
    read until the repository changes a row, so it serves one request, or one transaction, and is then
    thrown away.
    """

    row_type: type[RowT]
    name: ClassVar[str]
    """What people call one row: it stands in messages."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        # The loaders' functions hold the runner, not the repository, which would be garbage in a circle.
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    # -- one row

    def by_key(self, columns: Columns | None = None) -> DataLoader[Key, RowT | None]:
        """The row with a key, or None."""
        return self.one_by(key_name(self.row_type), columns)

    async def find(self, key: Key, columns: Columns | None = None) -> RowT | None:
        """The row with a key, or None, read now; a loader is for many."""
        by = key_name(self.row_type)
        statement = statements.select_by(self.row_type, self._names(columns), by, ())
        found = await self._runner.fetch_by(statement, by, [key])
        return found[key][0] if key in found else None

    async def get(self, key: Key, columns: Columns | None = None) -> RowT:
        """
        The row with a key.

        Raises:
            NotFoundError: There is none.
        """
        record = await self.find(key, columns)
        if record is None:
            raise NotFoundError(f"There is no such {self.name}.")
        return record

    async def only(self, columns: Columns | None = None) -> RowT | None:
        """The row of a table that has one row at most."""
        window = Window(Order(key_name(self.row_type)), limit=1)
        records = await self._select(window, EVERYTHING, columns)
        return records[0] if records else None

    def one_by(self, by: str, columns: Columns | None = None) -> DataLoader[Key, RowT | None]:
        """The row whose column ``by``, a unique one, has a value, or None."""
        names, runner = self._names(columns, by), self._runner
        statement = statements.select_by(self.row_type, names, by, ())

        async def load(keys: list[Key]) -> list[RowT | None]:
            found = await runner.fetch_by(statement, by, keys)
            return [found[key][0] if key in found else None for key in keys]

        return self._loader(("one", by, names), load)

    # -- the rows that belong to another

    def list_by(
        self, by: str, sort: Sequence[str] = (), columns: Columns | None = None
    ) -> DataLoader[Key, list[RowT]]:
        """The rows whose column ``by`` has a value, by ``sort`` and the key; an empty list for none."""
        names, runner = self._names(columns, by), self._runner
        statement = statements.select_by(self.row_type, names, by, (*sort, key_name(self.row_type)))

        async def load(keys: list[Key]) -> list[list[RowT]]:
            found = await runner.fetch_by(statement, by, keys)
            return [found.get(key, []) for key in keys]

        return self._loader(("list", by, names, tuple(sort)), load)

    def pages_by(
        self, by: str, window: Window, condition: Condition = EVERYTHING, columns: Columns | None = None
    ) -> DataLoader[Key, Page[RowT]]:
        """A page of the rows whose column ``by`` has a value, the same stretch for each value."""
        names, runner = self._names(columns, by, window.order.name), self._runner
        statement = statements.select_windows_by(self.row_type, names, by, condition.shape, window.shape)

        async def load(keys: list[Key]) -> list[Page[RowT]]:
            more = replace(window, limit=window.limit + 1)
            values = {"keys": array_of(keys)} | parameters(condition) | more.parameters()
            lists = grouped(await runner.fetch(statement, values), by)
            return [_page(lists.get(key, []), window) for key in keys]

        return self._loader(("pages", by, names, window, condition), load)

    def count_by(self, by: str, condition: Condition = EVERYTHING) -> DataLoader[Key, int]:
        """How many rows that meet a condition have a value in column ``by``."""
        runner = self._runner
        statement = statements.count_rows_by(self.row_type, by, condition.shape)

        async def load(keys: list[Key]) -> list[int]:
            counted = dict(await runner.fetch(statement, {"keys": array_of(keys)} | parameters(condition)))
            return [counted.get(key, 0) for key in keys]

        return self._loader(("count", by, condition), load)

    # -- lists

    async def page(
        self, window: Window, condition: Condition = EVERYTHING, columns: Columns | None = None
    ) -> Page[RowT]:
        """A stretch of the list of all rows that meet a condition."""
        return _page(await self._select(replace(window, limit=window.limit + 1), condition, columns), window)

    async def all(self, sort: str, columns: Columns | None = None) -> list[RowT]:
        """Every row of a table that stays small, sorted by one column."""
        return await self._select(Window(Order(sort), limit=SMALL_TABLE_ROWS), EVERYTHING, columns)

    async def count(self, condition: Condition = EVERYTHING) -> int:
        statement = statements.count_rows(self.row_type, condition.shape)
        return (await self._runner.fetch(statement, parameters(condition)))[0]

    # -- changes

    async def create(self, **values: Any) -> RowT:
        """
        Insert a row; what is not given takes the database's default.

        Raises:
            DuplicateError: A unique value is taken.
            ConflictError: What a foreign key names is not there.
            BadInputError: A value does not fit its column.
        """
        statement = statements.insert_row(self.row_type, tuple(values), self._all_names)
        created: list[RowT] = await self._change(statement, self._values(values))
        return created[0]

    async def update(self, key: Key, **values: Any) -> RowT:
        """
        Change columns of the row with a key, and give the row as it is then.

        Raises:
            NotFoundError: There is none.
            DuplicateError, ConflictError, BadInputError: As for `create`.
        """
        if not values:
            return await self.get(key, frozenset(self._all_names))
        statement = statements.update_row(self.row_type, tuple(values), self._all_names)
        changed: list[RowT] = await self._change(statement, {"row_key": key} | self._values(values))
        if not changed:
            raise NotFoundError(f"There is no such {self.name}.")
        return changed[0]

    async def delete(self, key: Key) -> None:
        """
        Delete the row with a key.

        Raises:
            NotFoundError: There is none.
            ConflictError: Another row still refers to it.
        """
        if not await self._change(statements.delete_row(self.row_type), {"row_key": key}):
            raise NotFoundError(f"There is no such {self.name}.")

    # -- helpers

    async def _change(self, statement: Statement[ResultT], values: Mapping[str, Any]) -> list[ResultT]:
        changed = await self._runner.fetch(statement, values)
        self._loaders.clear()  # what they remember may not be so any more
        return changed

    async def _select(self, window: Window, condition: Condition, columns: Columns | None) -> list[RowT]:
        names = self._names(columns, window.order.name)
        statement = statements.select_window(self.row_type, names, condition.shape, window.shape)
        values = parameters(condition) | window.parameters()
        if window.limit <= SHORT_LIST_ROWS:
            return await self._runner.fetch_short(statement, values)
        return await self._runner.fetch(statement, values)

    def _names(self, columns: Columns | None, *needed: str) -> tuple[str, ...]:
        return names_to_read(self.row_type, columns, needed)

    @property
    def _all_names(self) -> tuple[str, ...]:
        return tuple(attributes(self.row_type))

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        columns = attributes(self.row_type)
        return {
            f"set_{name}": Jsonb(value)
            if isinstance(columns[name].type, JSONB) and value is not None
            else value
            for name, value in values.items()
        }

    def _loader(
        self, identity: Hashable, load: Callable[[list[Key]], Coroutine[Any, Any, list[ResultT]]]
    ) -> DataLoader[Key, ResultT]:
        loader = self._loaders.get(identity)
        if loader is None:
            loader = self._loaders[identity] = DataLoader(load)
        return loader


async def load_each(loader: DataLoader[Key, ResultT], keys: Sequence[Key]) -> list[Any]:
    """What a loader gives for each key, None for a key that is None; the same key is asked for once."""
    wanted = list(dict.fromkeys(key for key in keys if key is not None))
    found = dict(zip(wanted, await loader.load_many(wanted), strict=True)) if wanted else {}
    return [found.get(key) for key in keys]


def _page(records: list[RowT], window: Window) -> Page[RowT]:
    """The page of rows read with a limit one above the window's: the extra row says that the list goes on."""
    more = len(records) > window.limit
    records = records[: window.limit]
    if window.backward:
        return Page(records[::-1], has_previous=more, has_next=window.before is not None)
    return Page(records, has_previous=window.after is not None, has_next=more)
