"""Two months of sample faults, and the figures about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from ecoctrl_gql.db.enums import FaultLevel, FaultStatus
from ecoctrl_gql.seed.devices import DEVICES
from ecoctrl_gql.seed.noise import sample_key, uniform
from ecoctrl_gql.seed.rows import Row

COUNT = 26
PERIOD = timedelta(days=60)
TREND_PERIOD = timedelta(days=30)
LEVELS = (FaultLevel.SEVERE, FaultLevel.NORMAL, FaultLevel.NORMAL, FaultLevel.NOTICE, FaultLevel.NOTICE)

PUT_OFF_SHARE, PARTS_SHARE = 0.3, 0.12
"""How many notices wait for the next inspection, and how many repairs for parts."""

LATER = 2 * PERIOD


@dataclass(frozen=True, slots=True)
class Fault:
    """
    A fault and how its repair went.

    Attributes:
        response: How long after it occurred the repair began, or will.
        repair: How long after it occurred the device worked again, or will.
    """

    number: int
    device: str
    level: FaultLevel
    age: timedelta
    response: timedelta
    repair: timedelta

    @property
    def status(self) -> FaultStatus:
        if self.age > self.repair:
            return FaultStatus.FIXED
        return FaultStatus.IN_MAINTENANCE if self.age > self.response else FaultStatus.OPEN


def sample_faults() -> list[Fault]:
    """The faults, newest first."""
    return [_fault(number) for number in range(COUNT)]


def _fault(number: int) -> Fault:
    level = LEVELS[int(uniform("fault level", number) * len(LEVELS))]
    response = timedelta(minutes=5 + 50 * uniform("fault response", number) ** 2)
    work = timedelta(hours=0.5 + 11 * uniform("fault repair", number) ** 2)
    if level is FaultLevel.NOTICE and uniform("fault is put off", number) < PUT_OFF_SHARE:
        response = LATER
    if uniform("fault waits for parts", number) < PARTS_SHARE:
        work = LATER
    return Fault(
        number=number,
        device=DEVICES[int(uniform("fault device", number) * len(DEVICES))].name,
        level=level,
        age=PERIOD * ((number + uniform("fault time", number)) / COUNT) ** 0.9,
        response=response,
        repair=response + work,
    )


def fault_rows(now: datetime) -> list[Row]:
    return [
        {
            "id": sample_key("faults", fault.number),
            "device": fault.device,
            "level": fault.level,
            "time": (occurred := (now - fault.age).replace(microsecond=0)),
            "status": fault.status,
            "created_at": min(now, occurred + timedelta(minutes=1)),
        }
        for fault in sample_faults()
    ]


def fault_stats_row(now: datetime) -> Row:
    """The figures about the sample faults; the trend compares the last 30 days with the 30 before."""
    faults = sample_faults()
    recent = sum(fault.age <= TREND_PERIOD for fault in faults)
    before = sum(TREND_PERIOD < fault.age <= 2 * TREND_PERIOD for fault in faults)
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    return {
        "total_count": len(faults),
        "trend": f"{100 * (recent - before) / before:+.0f}%" if before else "0%",
        "mttr": round(fmean(fault.repair / hour for fault in faults if fault.status is FaultStatus.FIXED), 1),
        "avg_response_time": f"{fmean(f.response / minute for f in faults if f.age > f.response):.0f}min",
        "snapshot_at": now,
    }
