from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, NamedTuple, cast

from ecoctrl_gql.checks import FIRST_YEAR, LAST_YEAR
from ecoctrl_gql.db.records import Columns
from ecoctrl_gql.db.repositories.batches import NOW
from ecoctrl_gql.db.repositories.single_row import SingleRowRepository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.fault_stats import FaultStatsRow

TREND_PERIOD = timedelta(days=30)
"""What the trend of the figures about all faults compares with the same time before."""


class Stretch(NamedTuple):
    """A stretch of time, its end excluded; as text it is the key of the figures about it."""

    start: datetime
    end: datetime

    def __str__(self) -> str:
        return "~".join(each.astimezone(UTC).strftime(_FORMAT) for each in self)

    @classmethod
    def parsed(cls, text: str) -> "Stretch | None":
        """The stretch that has this text; None for other texts, and for stretches out of this time."""
        try:
            start, end = (datetime.strptime(each, _FORMAT).replace(tzinfo=UTC) for each in text.split("~"))
        except ValueError:
            return None
        return cls(start, end) if FIRST_YEAR <= start.year <= end.year <= LAST_YEAR and start < end else None

    @property
    def before(self) -> datetime:
        """The beginning of the stretch of equal length before this one."""
        return self.start - (self.end - self.start)


_FORMAT = "%Y%m%dT%H%M%S.%f"


class FaultFigures(NamedTuple):
    """
    What the faults that occurred in a stretch of time amount to.

    Attributes:
        total_count: How many there are.
        recent_count: How many occurred in the stretch that the trend looks at.
        before_count: How many occurred in the stretch of equal length before that one.
        repair_hours: The mean over those that are fixed of the hours from occurrence to the last step to
            ``fixed``; None where no such step is known.
        response_minutes: The mean over those whose repair has begun of the minutes from occurrence to the
            first step away from ``open``; None where no such step is known.
    """

    total_count: int
    recent_count: int
    before_count: int
    repair_hours: float | None
    response_minutes: float | None

    @property
    def trend_percent(self) -> float | None:
        """100 · (recent − before) / before; None where there was none before."""
        change = self.recent_count - self.before_count
        return 100 * change / self.before_count if self.before_count else None

    def columns(self) -> dict[str, Any]:
        """The columns that show them, as numbers and in the text forms that dashboards know."""
        return {
            "total_count": self.total_count,
            "trend": f"{self.trend_percent or 0:+.0f}%".replace("+0%", "0%").replace("-0%", "0%"),
            "mttr": round(self.repair_hours or 0, 1),
            "avg_response_time": f"{self.response_minutes or 0:.0f}min",
            "trend_percent": self.trend_percent,
            "mean_repair_hours": self.repair_hours,
            "mean_response_minutes": self.response_minutes,
        }


@dataclass(frozen=True, slots=True)
class StretchStats:
    """The figures about a stretch, with the attributes of the row that holds those about all faults."""

    row_type: ClassVar[type[FaultStatsRow]] = FaultStatsRow

    id: int
    stretch: Stretch
    total_count: int
    trend: str
    mttr: float
    avg_response_time: str
    trend_percent: float | None
    mean_repair_hours: float | None
    mean_response_minutes: float | None
    snapshot_at: datetime


FIGURES: Statement[FaultFigures] = Statement(
    """
    WITH chosen AS (
      SELECT id, time, status FROM faults WHERE time >= %(start)s AND time < %(end)s
    ), steps AS (
      SELECT fault_id, min(changed_at) FILTER (WHERE from_status = 'open') AS began_at,
        max(changed_at) FILTER (WHERE to_status = 'fixed') AS fixed_at
      FROM fault_changes WHERE fault_id IN (SELECT id FROM chosen) GROUP BY fault_id
    )
    SELECT count(*),
      (SELECT count(*) FROM faults WHERE time >= %(recent)s AND time < %(recent_end)s),
      (SELECT count(*) FROM faults WHERE time >= %(before)s AND time < %(recent)s),
      CAST(avg(extract(epoch FROM fixed_at - time)) FILTER (WHERE status = 'fixed') / 3600 AS float8),
      CAST(avg(extract(epoch FROM began_at - time)) / 60 AS float8)
    FROM chosen LEFT JOIN steps ON fault_id = id
    """.strip(),
    FaultFigures._make,
)


class FaultStatsRepository(SingleRowRepository[FaultStatsRow]):
    row_type = FaultStatsRow
    name = "fault statistics"

    async def find(self, key: Any, columns: Columns | None = None) -> FaultStatsRow | None:
        """The row, or the figures about a `Stretch`, worked out now."""
        if not isinstance(key, Stretch):
            return await super().find(key, columns)
        figures = await self._figures(key.start, key.end, key)
        return cast(
            FaultStatsRow, StretchStats(id=0, stretch=key, snapshot_at=datetime.now(UTC), **figures.columns())
        )

    async def refresh(self) -> FaultStatsRow:
        """Bring the row up to date with all faults; the trend is that of the last 30 days."""
        now = datetime.now(UTC)
        figures = await self._figures("-infinity", "infinity", Stretch(now - TREND_PERIOD, now))
        return await self.put(**figures.columns(), snapshot_at=NOW)

    async def _figures(self, start: datetime | str, end: datetime | str, trend: Stretch) -> FaultFigures:
        recent = {"recent": trend.start, "recent_end": trend.end, "before": trend.before}
        return (await self._runner.fetch(FIGURES, {"start": start, "end": end} | recent))[0]
