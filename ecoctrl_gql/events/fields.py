"""
Subscription fields: the events of a table, in a line each.

    @strawberry.type
    class AlertSubscription:
        alert_added = added(ALERTS, "Alerts, as they are raised.")
        alert_changed = changed(ALERTS, "Alerts, as they are raised, handled and removed.")

The table publishes its changes by `db.publishing`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import ID, UNSET, Info
from strawberry.utils.str_converters import to_snake_case

from ecoctrl_gql.api.access import ANYONE, Access
from ecoctrl_gql.api.filters import condition_of
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import global_id, owner_of
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.enums import EventChange
from ecoctrl_gql.db.records import key_name
from ecoctrl_gql.engine import Handover
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.events.beginnings import place_at, place_of
from ecoctrl_gql.events.events import Event, Interest
from ecoctrl_gql.events.places import Place
from ecoctrl_gql.events.stream import EventStream

AFTER = "after"
SINCE = "since"

CREATED = frozenset({EventChange.CREATED})
ANY_CHANGE = frozenset(EventChange)


class Told:
    """What lies behind the payload of an event; the row is there under its type's name."""

    def __init__(self, event: Event, row_type: type[Base], name: str) -> None:
        self.cursor = event.cursor
        self.happened_at = event.stored.created_at
        self.change = event.stored.change
        record = event.record(row_type)
        self.node_id = global_id(row_type, getattr(record, key_name(row_type)))
        setattr(self, name, None if self.change == EventChange.DELETED else record)


class Source(Handover):
    """
    What a subscription field gives: the place from which to follow what.

    Attributes:
        interest: What is followed.
        place: The place to begin at.
        field: The field of the payload that holds the row.
        types: The names of the types whose fields show an event in itself, without another table.
    """

    def __init__(self, interest: Interest, place: Place, field: str, types: frozenset[str]) -> None:
        super().__init__()
        self.interest, self.place, self.field, self.types = interest, place, field, types

    def told(self, event: Event) -> Told:
        return Told(event, self.interest.row_type, self.field)

    async def __aiter__(self) -> AsyncIterator[Any]:
        yield self


def added(listing: Listing, description: str, *, rule: Access | None = None) -> Any:
    """
    A field that tells of new rows; of rows that belong to a user, the caller's own.

    Args:
        listing: How the table is listed: it gives the type and the filter.
        description: What it tells of.
        rule: Who may follow.
    """
    return _Telling(listing, CREATED).field(description, rule)


def changed(listing: Listing, description: str, *, rule: Access | None = None) -> Any:
    """A field that tells of rows that are new, changed or gone; the arguments are those of `added`."""
    return _Telling(listing, ANY_CHANGE).field(description, rule)


@dataclass(frozen=True)
class _Telling:
    listing: Listing
    changes: frozenset[EventChange]

    def field(self, description: str, rule: Access | None) -> Any:
        name, payload = self._node_name, self._payload()
        types = frozenset({"Subscription", payload.__strawberry_definition__.name, name})

        async def resolve(
            info: Info[Any, Any], after: Any = UNSET, since: Any = UNSET, filter: Any = UNSET
        ) -> Any:
            owned = owner_of(self.listing.row_type)
            owner = None if owned is None else (owned.by, info.context.signed_in().user_id)
            everybody = owned is not None and owned.everybody
            interest = Interest(self.listing.row_type, self.changes, condition_of(filter), owner, everybody)
            place = await self._place(info, after, since)
            return Source(interest, place, to_snake_case(name), types)

        resolve.__annotations__ |= {
            AFTER: _argument(str, "Begin right behind the event with this cursor; now by default."),
            SINCE: _argument(
                datetime, "Begin with what happened at this instant or later; not with `after`."
            ),
            "filter": _argument(
                self.listing.filter_type,
                f"Which {name} to tell of, by what it is like in the event; all by default.",
            ),
        }
        return strawberry.subscription(
            resolver=resolve,
            graphql_type=payload,
            description=description,
            directives=[] if rule is None else [rule],
        )

    async def _place(self, info: Info[Any, Any], after: Any, since: Any) -> Place:
        if after and since:
            raise BadInputError("Give either after or since, not both.")
        events: EventStream = info.context.events
        if after:
            return await place_of(events, after)
        return await place_at(events, since) if since else await events.now()

    @property
    def _node_name(self) -> str:
        name: str = self.listing.node.__strawberry_definition__.name
        return name

    def _payload(self) -> type[Any]:
        """The type of the payload: the cursor, what happened, and the row."""
        name, node = self._node_name, self.listing.node
        new = self.changes == CREATED
        made = type(f"{name}{'Added' if new else 'Changed'}", (), {"__annotations__": {}})
        fields: list[tuple[str, Any, str]] = [
            ("cursor", str, "The place right behind this event: for `after`."),
            ("happened_at", datetime, "When it happened."),
        ]
        if not new:
            fields += [
                ("change", EventChange, "What happened."),
                ("node_id", ID, f"The id of the {name}."),
            ]
        shown = "As it was then" if new else "As it was then; null where it is gone"
        fields.append((to_snake_case(name), node if new else node | None, f"{shown}."))
        for field, annotation, description in fields:
            made.__annotations__[field] = annotation
            setattr(made, field, strawberry.field(description=description))
        meaning = f"That one {name} is new." if new else f"What happened to one {name}."
        return strawberry.type(made, description=meaning, directives=[ANYONE])


def _argument(type_: type[Any], description: str) -> Any:
    return Annotated[type_ | None, strawberry.argument(description=description)]
