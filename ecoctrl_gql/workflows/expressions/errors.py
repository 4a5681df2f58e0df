"""What can be wrong with an expression or a template."""

from typing import Self

from ecoctrl_gql.errors import BadInputError


class ExpressionError(BadInputError):
    """
    An expression can't be read or worked out; the only error of this package.

    Attributes:
        reason: What is wrong, without a full stop.
        hint: What to write instead, as a sentence; empty where nothing helps.
        offset: Where, as the number of characters before it; None while nobody knows.
        path: Where in a rendered value: its keys and indices.
    """

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.offset: int | None = None
        self.path: tuple[str | int, ...] = ()
        self._text = ""

    def at(self, text: str, offset: int) -> Self:
        """The same error, told at a place of a text; a place that it has already goes first."""
        if self.offset is None:
            self._text, self.offset = text, offset
        return self

    def within(self, text: str, start: int) -> Self:
        """The same error, told at a place of the text that holds the expression from ``start`` on."""
        self._text, self.offset = text, start + (self.offset or 0)
        return self

    @property
    def line(self) -> int:
        """Counted from one."""
        return self._text.count("\n", 0, self.offset or 0) + 1

    @property
    def column(self) -> int:
        """Counted from one, in characters."""
        offset = self.offset or 0
        return offset - self._text.rfind("\n", 0, offset)

    def __str__(self) -> str:
        place = "" if self.offset is None else f" (line {self.line}, column {self.column})"
        return f"{self.reason}{place}. {self.hint}".rstrip()
