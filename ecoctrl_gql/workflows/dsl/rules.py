"""Rules that configs of several kinds share."""

from collections.abc import Iterable, Sequence

from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, Severity, shown


def above_limit(key: str, value: int | str | None, limit: int) -> Iterable[Finding]:
    """A warning where a number is above the limit that runs take in its place."""
    if isinstance(value, int) and value > limit:
        message = f"{key} is above {limit:,}; runs take {limit:,}."
        yield Finding((key,), Rule.OVER_LIMIT, message, None, Severity.WARNING)


def one_of(key: str, value: str | None, allowed: Sequence[str]) -> Iterable[Finding]:
    """An error where a text is none of those allowed, and no template."""
    if value and "{{" not in value and value not in allowed:
        yield Finding((key,), Rule.VALUE, f'"{shown(value)}" is not among {", ".join(allowed)}.')
