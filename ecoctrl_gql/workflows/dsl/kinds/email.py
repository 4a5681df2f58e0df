"""Sends a mail."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Count, NodeConfig, Texts
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, shown
from ecoctrl_gql.workflows.dsl.registry import Effect, NodeKind, Output
from ecoctrl_gql.workflows.dsl.rules import above_limit

MAX_RETRIES = 5


class EmailConfig(NodeConfig):
    """
    What is written to whom.

    The platform's mail server sends it; servers and passwords in older documents are kept, not used.
    """

    to: Annotated[Texts, Field(description="The recipients: a list, or a text with commas between them.")]
    subject: Annotated[str | None, Field(description="The subject.")] = None
    body: Annotated[str | None, Field(description="The text.")] = None
    body_type: Annotated[
        Literal["text", "html"] | None, Field(description="Whether the body is HTML; text by default.")
    ] = None
    cc: Annotated[Texts | None, Field(description="Who gets a copy.")] = None
    bcc: Annotated[Texts | None, Field(description="Who gets a copy that others don't see.")] = None
    reply_to: Annotated[str | None, Field(description="Where answers go.")] = None
    from_: Annotated[
        str | None, Field(alias="from", description="Kept, not used: the platform sends it.")
    ] = None
    retry: Annotated[Count | None, Field(description="How often to try again on failure; 5 at most.")] = None
    smtp_host: Annotated[Any, Field(description="Kept, not used.")] = None
    smtp_port: Annotated[Any, Field(description="Kept, not used.")] = None
    smtp_user: Annotated[Any, Field(description="Kept, not used.")] = None
    smtp_pass: Annotated[Any, Field(description="Kept, not used.")] = None
    smtp_secure: Annotated[Any, Field(description="Kept, not used.")] = None


def check_email(config: EmailConfig) -> Iterable[Finding]:
    if not config.to:
        yield Finding(("to",), Rule.REQUIRED, "The mail needs a recipient.")
    for key, addresses in (("to", config.to), ("cc", config.cc), ("bcc", config.bcc)):
        yield from _check_addresses(key, addresses)
    yield from above_limit("retry", config.retry, MAX_RETRIES)


def _check_addresses(key: str, addresses: Any) -> Iterable[Finding]:
    if isinstance(addresses, str):  # a template
        return
    for index, address in enumerate(addresses or ()):
        if "{{" not in address and "@" not in address[1:-1]:
            yield Finding((key, index), Rule.VALUE, f'"{shown(address)}" is no mail address.')


EMAIL = NodeKind(
    "email",
    EmailConfig,
    "Sends a mail.",
    outputs=(
        Output("messageId", "The id of the mail."),
        Output("sent", "Whether it was sent."),
        Output("accepted", "The recipients that the mail server took, as a list."),
        Output("rejected", "Those that it refused, as a list."),
        Output("response", "What the mail server said."),
    ),
    effect=Effect.OUTSIDE,
    check=check_email,
)
