"""Two months of sample faults, and the figures about them."""

from collections.abc import Collection, Mapping
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

REPAIRERS = ("liu.yang", "zhao.lei")
DESCRIPTIONS = {
    FaultLevel.SEVERE: "Out of order; shut off until it is repaired.",
    FaultLevel.NORMAL: "Runs with reduced output.",
    FaultLevel.NOTICE: "Unusual noise; to be looked at on the next round.",
}

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


def fault_rows(now: datetime, user_ids: Mapping[str, str]) -> list[Row]:
    """The faults; who reports and who repairs is of the users whose keys are given by name."""
    return [
        {
            "id": sample_key("faults", fault.number),
            "device": fault.device,
            "level": fault.level,
            "time": (occurred := (now - fault.age).replace(microsecond=0)),
            "status": fault.status,
            "created_at": min(now, occurred + timedelta(minutes=1)),
            "description": DESCRIPTIONS[fault.level],
            "reporter_id": user_ids.get("operator"),
            "assignee_id": None if fault.status is FaultStatus.OPEN else user_ids.get(_repairer(fault)),
        }
        for fault in sample_faults()
    ]


def fault_change_rows(now: datetime, user_ids: Mapping[str, str], made: Collection[str]) -> list[Row]:
    """The steps that those of the faults have taken whose keys are given."""
    return [
        {
            "id": sample_key("fault_changes", f"{fault.number} {to_status.value}"),
            "fault_id": key,
            "from_status": from_status,
            "to_status": to_status,
            "changed_at": (now - fault.age).replace(microsecond=0) + after,
            "user_id": user_ids.get(_repairer(fault)),
        }
        for fault in sample_faults()
        for from_status, to_status, after in _steps(fault)
        if (key := sample_key("faults", fault.number)) in made
    ]


def _steps(fault: Fault) -> list[tuple[FaultStatus, FaultStatus, timedelta]]:
    """The steps that a fault has taken, and how long after it occurred."""
    steps = [
        (FaultStatus.OPEN, FaultStatus.IN_MAINTENANCE, fault.response),
        (FaultStatus.IN_MAINTENANCE, FaultStatus.FIXED, fault.repair),
    ]
    return [step for step in steps if fault.age > step[2]]


def _repairer(fault: Fault) -> str:
    return REPAIRERS[fault.number % len(REPAIRERS)]


def fault_stats_row(now: datetime) -> Row:
    """The figures about the sample faults; the trend compares the last 30 days with the 30 before."""
    faults = sample_faults()
    recent = sum(fault.age <= TREND_PERIOD for fault in faults)
    before = sum(TREND_PERIOD < fault.age <= 2 * TREND_PERIOD for fault in faults)
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    trend = 100 * (recent - before) / before
    repair = fmean(fault.repair / hour for fault in faults if fault.status is FaultStatus.FIXED)
    response = fmean(fault.response / minute for fault in faults if fault.age > fault.response)
    return {
        "total_count": len(faults),
        "trend": f"{trend:+.0f}%",
        "mttr": round(repair, 1),
        "avg_response_time": f"{response:.0f}min",
        "trend_percent": trend,
        "mean_repair_hours": repair,
        "mean_response_minutes": response,
        "snapshot_at": now,
    }
