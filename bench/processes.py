"""What processes take of the machine."""

from contextlib import suppress

import psutil


def cpu_seconds(pid: int) -> float:
    """The processor time of a process and its threads, without its children's."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def tree_cpu_seconds(pid: int) -> float:
    """The processor time of a process and all its descendants, those that have ended included."""
    root = psutil.Process(pid)
    times = root.cpu_times()
    total = float(times.user + times.system + times.children_user + times.children_system)
    for child in root.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            total += cpu_seconds(child.pid)
    return total


def resident_bytes(pid: int) -> int:
    return int(psutil.Process(pid).memory_info().rss)
