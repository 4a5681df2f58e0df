"""
Expressions within texts: ``Load {{fetch.body.kwh}} kWh``.

A text that is one template and nothing else gives the expression's value of any kind, and an empty text for
what is missing. Within a longer text a value is its text: nothing for null and what is missing, JSON for an
object, items joined by commas for a list (``{{json(list)}}`` gives its JSON). Two braces that open no
template are written ``{{ "{{" }}``.
"""

from ecoctrl_gql.workflows.templates.checks import check
from ecoctrl_gql.workflows.templates.redaction import REDACTED, redact
from ecoctrl_gql.workflows.templates.rendering import names_used, render

__all__ = ["REDACTED", "check", "names_used", "redact", "render"]
