"""
The language of workflow conditions and templates.

It means what the same text means in JavaScript, without anything that could wait, loop or reach out of it:
literals, ``a.b``, ``a[b]``, lists, ``? :``, ``! - +``, ``+ - * / %``, ``< <= > >= == != === !==``, ``&& ||``,
functions, and the methods of texts, lists and numbers. What it does differently:

- An unknown name and a member of null are undefined, not an error.
- An object that becomes a text is its JSON. Texts are counted and compared in characters, not UTF-16 units.
- ``parseInt`` takes base 10 unless told otherwise. ``replace`` replaces the first place of a plain text.
  ``match`` takes a pattern of RE2.
- Integers of data stay exact as long as nothing is done with them; all arithmetic is in double precision.
- ``{{ … }}`` around a part is the same as parentheses, so that a condition may be written like a template.

An evaluation is a pure function of text, scope and environment, and bounded in time and memory (``limits``).
"""

from ecoctrl_gql.workflows.expressions.checks import Problem, check
from ecoctrl_gql.workflows.expressions.environment import Environment, live, recorded
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.expression import Expression, compile_expression
from ecoctrl_gql.workflows.expressions.scope import OFFERED_SETTINGS, Scope

__all__ = [
    "OFFERED_SETTINGS",
    "Environment",
    "Expression",
    "ExpressionError",
    "Problem",
    "Scope",
    "check",
    "compile_expression",
    "live",
    "recorded",
]
