"""Lengths of time as people write them."""

import pytest

from ecoctrl_gql.workflows.triggers.durations import DurationError, duration_ms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10m", 600_000),
        ("1h 30m", 5_400_000),
        ("1h30m", 5_400_000),
        (" 45 S ", 45_000),
        ("500ms", 500),
        ("2d", 172_800_000),
        ("0s", 0),
    ],
)
def test_a_length_of_time_is_read(text, expected):
    assert duration_ms(text) == expected


@pytest.mark.parametrize(
    "text", ["", "10", "m", "-5m", "1.5h", "10 minutes", "10m!", "1m" * 51, "٣m", "9999999999s"]
)
def test_what_is_none_is_refused(text):
    with pytest.raises(DurationError):
        duration_ms(text)
