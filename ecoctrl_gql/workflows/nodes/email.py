"""Sends a mail by the platform's mail server."""

from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Final

from ecoctrl_gql.auth.mail import MailError
from ecoctrl_gql.workflows.dsl.kinds.email import EMAIL, EmailConfig
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview
from ecoctrl_gql.workflows.nodes.failures import NodeFailure

MAX_SUBJECT: Final = 998
MOST_RECIPIENTS: Final = 100


async def run(call: NodeCall[EmailConfig]) -> dict[str, Any]:
    recipients = _recipients(call.config)
    message = _message(call)
    try:
        delivery = await call.tools.mailer.deliver(message, recipients)
    except MailError as error:
        raise NodeFailure(error.message) from None
    return {
        "messageId": message["Message-ID"],
        "sent": True,
        "accepted": [address for address in recipients if address not in delivery.refused],
        "rejected": sorted(delivery.refused),
        "response": delivery.response,
    }


async def preview(call: NodeCall[EmailConfig]) -> Preview:
    recipients, message, config = _recipients(call.config), _message(call), call.config
    effect = {
        "to": config.to,
        "cc": config.cc or [],
        "bcc": config.bcc or [],
        "subject": config.subject or "",
        "body": config.body or "",
    }
    result = {
        "messageId": message["Message-ID"],
        "sent": True,
        "accepted": recipients,
        "rejected": [],
        "response": "",
    }
    return Preview(result, effect)


def _recipients(config: EmailConfig) -> list[str]:
    addresses = list(dict.fromkeys([*config.to, *(config.cc or []), *(config.bcc or [])]))
    if not addresses:
        raise NodeFailure("The mail has no recipient.")
    if len(addresses) > MOST_RECIPIENTS:
        raise NodeFailure(f"The mail has {len(addresses)} recipients; {MOST_RECIPIENTS} are the most.")
    for address in addresses:
        _one_line("A recipient", address)
        if "@" not in address[1:-1]:
            raise NodeFailure(f"{address[:80]} is no mail address.")
    return addresses


def _message(call: NodeCall[EmailConfig]) -> EmailMessage:
    config = call.config
    message = EmailMessage()
    message["To"] = ", ".join(config.to)
    if config.cc:
        message["Cc"] = ", ".join(config.cc)
    if config.reply_to:
        message["Reply-To"] = _one_line("replyTo", config.reply_to)
    message["Subject"] = _one_line("The subject", config.subject or "")[:MAX_SUBJECT]
    message["Date"] = format_datetime(call.now)
    # The same for each attempt, so that a mail that was sent twice can be known as one.
    message["Message-ID"] = f"<{sha256(call.key.encode()).hexdigest()[:32]}@workflows.ecoctrl>"
    message.set_content(config.body or "", subtype="html" if config.body_type == "html" else "plain")
    return message


def _one_line(what: str, text: str) -> str:
    if any(ord(character) < 32 for character in text):
        raise NodeFailure(f"{what} holds a line break or another control character.")
    return text


ACTION = Action(EMAIL, run, preview, retries=lambda config: config.retry or 0, retry_delay_ms=2000)
