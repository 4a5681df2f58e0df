"""
The grammar, and what to tell of a text that does not fit it.

Lark's LALR parser keeps its own stack: nesting costs no recursion, time is linear in the text.
"""

from functools import cache
from typing import Any, Final

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.limits import MAX_SOURCE

GRAMMAR: Final = r"""
?start: choice

?choice: either
    | either "?" choice ":" choice -> conditional
?either: both
    | either "||" both -> or_
?both: equality
    | both "&&" equality -> and_
?equality: comparison
    | equality EQUALITY comparison -> binary
?comparison: sum
    | comparison COMPARISON sum -> binary
?sum: product
    | sum (PLUS | MINUS) product -> binary
?product: unary
    | product FACTOR unary -> binary
?unary: postfix
    | (NOT | PLUS | MINUS) unary -> unary
?postfix: atom
    | postfix "." NAME -> member
    | postfix "." NAME "(" arguments ")" -> method
    | postfix BRACKET choice "]" -> index
?atom: NUMBER -> number
    | STRING -> string
    | NAME -> name
    | NAME "(" arguments ")" -> call
    | BRACKET arguments "]" -> array
    | "(" choice ")"
    | "{{" choice "}}"
arguments: (choice ("," choice)*)?

EQUALITY.1: /[=!]==?/
COMPARISON: /[<>]=?/
PLUS: "+"
MINUS: "-"
FACTOR: /[*\/%]/
NOT: "!"
BRACKET: "["
NAME: /(?:[^\W\d]|[$\ue000-\ue07f])(?:\w|[$\ue000-\ue07f])*/
NUMBER: /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w$])/
STRING: /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/s
%ignore /[\s\ufeff]+/
"""

HINTS: Final = {
    "**": "There is no power operator; multiply.",
    "??": 'Write coalesce(a, "b") for a value that may be missing.',
    "?.": "Write a plain dot: a member of something missing is undefined, not an error.",
    "=>": "Functions can't be written here.",
    "&": "Write && for and; there are no bitwise operators.",
    "|": "Write || for or; there are no bitwise operators.",
    "^": "There are no bitwise operators.",
    "~": "There are no bitwise operators.",
    "<<": "There are no bitwise operators.",
    ">>": "There are no bitwise operators.",
    "++": "Variables are set by a variable node.",
    "--": "Variables are set by a variable node.",
    "=": "Write == to compare; variables are set by a variable node.",
    ",": "Only one expression can stand here.",
    ";": "Only one expression can stand here.",
    "{": "Objects can't be written here.",
    "`": "Write texts in \"double\" or 'single' quotes.",
    '"': "This quote is never closed.",
    "'": "This quote is never closed.",
    "\\": "A backslash only stands within a text.",
}


@cache
def _parser(transformer: "Transformer[Token, Any]") -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", transformer=transformer, maybe_placeholders=False)


def check_length(text: str) -> None:
    """
    Refuse what is not worth a look.

    Raises:
        ExpressionError: The text is too long for an expression.
    """
    if len(text) > MAX_SOURCE:
        raise ExpressionError(
            f"The expression has {len(text)} characters; {MAX_SOURCE} are the most",
            "Split it with variable nodes.",
        ).at(text, MAX_SOURCE)


def parse(text: str, transformer: "Transformer[Token, Any]") -> Any:
    """
    What a transformer, which must not have state, makes of the text.

    Raises:
        ExpressionError: It is no expression; the place is told.
    """
    if not text.strip():
        raise ExpressionError("The expression is empty").at(text, 0)
    try:
        return _parser(transformer).parse(text)
    except UnexpectedInput as error:
        raise _explained(text, error) from error


def _explained(text: str, error: UnexpectedInput) -> ExpressionError:
    match error:
        case UnexpectedToken(token=token) if token.type == "$END":
            return ExpressionError(
                "The expression ends too early", "A value or a closing bracket is missing."
            ).at(text, len(text))
        case UnexpectedToken(token=token):
            offset, what = token.start_pos or 0, str(token)
            hint = _hint(text, offset) or ("An operator is missing before it." if what[0].isalnum() else "")
        case UnexpectedCharacters(pos_in_stream=position):
            offset, what = position or 0, text[position or 0]
            hint = _hint(text, offset) or ("Names can't begin with a digit." if what.isdigit() else "")
        case _:
            raise error
    return ExpressionError(f"{what[:40]} can't stand here", hint).at(text, offset)


def _hint(text: str, offset: int) -> str:
    for symbol, hint in HINTS.items():
        # the second half of an operator is what the parser stumbles over
        if text.startswith(symbol, offset) or (
            len(symbol) == 2 and text.startswith(symbol, max(offset - 1, 0))
        ):
            return hint
    return ""
