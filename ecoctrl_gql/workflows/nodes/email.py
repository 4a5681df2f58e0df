"""Sends a mail by the platform's mail server."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Final
from unicodedata import category

from ecoctrl_gql.auth.mail import MailError
from ecoctrl_gql.workflows.dsl.kinds.email import EMAIL, MAX_RETRIES, EmailConfig
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview, retries_up_to
from ecoctrl_gql.workflows.nodes.failures import NodeFailure

MAX_SUBJECT: Final = 998
MOST_RECIPIENTS: Final = 100

_PLAIN = r"[^\s<>@,;:\"()\[\]\\]{1,64}@[^\s<>@,;:\"()\[\]\\.]{1,63}(?:\.[^\s<>@,;:\"()\[\]\\.]{1,63}){0,9}"
_ADDRESS: Final = re.compile(rf'(?P<bare>{_PLAIN})|(?P<name>[^<>@"]*|"[^<>@"]*")<(?P<plain>{_PLAIN})>')


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
    """Whom it goes to, without the names beside the addresses."""
    written = [*config.to, *(config.cc or []), *(config.bcc or [])]
    addresses = list(dict.fromkeys(_address(each).addr_spec for each in written))
    if not addresses:
        raise NodeFailure("The mail has no recipient.")
    if len(addresses) > MOST_RECIPIENTS:
        raise NodeFailure(f"The mail has {len(addresses)} recipients; {MOST_RECIPIENTS} are the most.")
    return addresses


def _message(call: NodeCall[EmailConfig]) -> EmailMessage:
    config = call.config
    message = EmailMessage()
    message["To"] = [_address(each) for each in config.to]
    if config.cc:
        message["Cc"] = [_address(each) for each in config.cc]
    if config.reply_to:
        message["Reply-To"] = _address(config.reply_to)
    message["Subject"] = _one_line("The subject", config.subject or "")[:MAX_SUBJECT]
    message["Date"] = format_datetime(call.now)
    # The same for each attempt, so that a mail that was sent twice can be known as one.
    message["Message-ID"] = f"<{sha256(call.key.encode()).hexdigest()[:32]}@workflows.ecoctrl>"
    try:
        message.set_content(config.body or "", subtype="html" if config.body_type == "html" else "plain")
    except UnicodeEncodeError:
        raise NodeFailure("The body holds half a character, which can't be sent.") from None
    return message


def _address(text: str) -> Address:
    """An address, with or without a name: ``ops@example.org`` or ``Ops <ops@example.org>``."""
    found = _ADDRESS.fullmatch(_one_line("An address", text.strip()))
    if found is None:
        raise NodeFailure(f"{text[:80]} is no mail address.")
    try:
        return Address((found["name"] or "").strip().strip('"'), addr_spec=found["plain"] or found["bare"])
    except (MessageError, ValueError, IndexError):
        raise NodeFailure(f"{text[:80]} is no mail address.") from None


def _one_line(what: str, text: str) -> str:
    bad = len(text.splitlines()) > 1 or any(category(each) in ("Cc", "Cs") for each in text)
    if bad or text.splitlines(keepends=True) != text.splitlines():
        raise NodeFailure(f"{what} holds a line break or another character that it can't.")
    return text


ACTION = Action(EMAIL, run, preview, retries=retries_up_to(MAX_RETRIES), retry_delay_ms=2000)
