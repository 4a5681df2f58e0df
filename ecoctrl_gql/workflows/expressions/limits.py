"""How much an expression may cost: neither its text nor its data can make it slow or large."""

from ecoctrl_gql.workflows.expressions.errors import ExpressionError

MAX_SOURCE = 5_000
"""Characters of one expression."""

MAX_TEMPLATE = 1_000_000
"""Characters of one text with templates in it."""

MAX_TEXT = 1_000_000
"""Characters of a text that an expression makes."""

MAX_DEPTH = 100
"""How deep lists and objects may lie in each other."""

MAX_WORK = 4_000_000
"""Units of work of one evaluation, or of one value rendered with all its templates."""

VALUE_COST = 8
"""Units for a step, and for an item of a list or object; a character that is read or written costs one."""


class Meter:
    """What is left of the work that may be done; whoever walks over data pays before."""

    __slots__ = ("_left",)

    def __init__(self, units: int = MAX_WORK) -> None:
        self._left = units

    def spend(self, units: int) -> None:
        """
        Pay for work.

        Raises:
            ExpressionError: Nothing is left.
        """
        self._left -= units
        if self._left < 0:
            raise ExpressionError(
                "This takes more work than one evaluation may do", "Take smaller data, or fewer steps."
            )

    def produce(self, length: int) -> None:
        """
        Pay for a text of so many characters, before it is made.

        Raises:
            ExpressionError: It would be too long.
        """
        if length > MAX_TEXT:
            raise ExpressionError(
                f"The text would have {length} characters; {MAX_TEXT} are the most", "Make it shorter."
            )
        self.spend(length)


def check_depth(depth: int) -> None:
    """
    Guard a walk into lists and objects.

    Raises:
        ExpressionError: It goes too deep, or in a circle.
    """
    if depth > MAX_DEPTH:
        raise ExpressionError(f"Lists and objects lie in each other more than {MAX_DEPTH} deep")
