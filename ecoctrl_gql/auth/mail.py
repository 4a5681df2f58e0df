"""Mail, by the platform's mail server: sent in the background, so that no answer tells how long it took."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html import escape

import aiosmtplib
import structlog

from ecoctrl_gql.config import Settings, is_loopback
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.db.tables import PlatformConfigRow
from ecoctrl_gql.errors import EcoctrlError

TIMEOUT_S = 20.0
DRAIN_S = 10.0
MOST_WAITING = 1_000
SENDERS = 4

log = structlog.stdlib.get_logger("ecoctrl.mail")


class MailError(EcoctrlError):
    """Mail could not be sent; the message says what the mail server answered."""

    code = "MAIL_FAILED"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one address; the text is plain, its lines are paragraphs."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    What a mail server said to a message.

    Attributes:
        refused: The recipients that it did not take it for.
        response: Its words.
    """

    refused: frozenset[str]
    response: str


class Mailer:
    """
    Sends letters; `start` it before, `stop` it after use.

    The connection is encrypted where the server offers it, and its certificate is checked. A password is
    never sent unencrypted, but to this machine itself.
    """

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._sender = settings.mail_from
        self._waiting: asyncio.Queue[Letter] = asyncio.Queue(MOST_WAITING)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run()) for _ in range(SENDERS)]

    async def stop(self) -> None:
        """Send what waits, but not for ever."""
        if self._tasks:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._waiting.join(), DRAIN_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send_soon(self, letter: Letter) -> None:
        """Send it in the background; a failure is logged."""
        try:
            self._waiting.put_nowait(letter)
        except asyncio.QueueFull:
            log.warning("Too much mail waits; a letter is dropped", subject=letter.subject)

    async def send(self, letter: Letter) -> None:
        """
        Send it now.

        Raises:
            MailError: No mail server is configured, or it does not take the letter.
        """
        await self.deliver(_message(letter), [letter.to])

    async def deliver(self, message: EmailMessage, recipients: Sequence[str]) -> Delivery:
        """
        Send a message now, from the platform's address.

        Raises:
            MailError: No mail server is configured, or it does not take the message for anybody.
        """
        config = await self._db.repositories().platform_configs.only(frozenset(attributes(PlatformConfigRow)))
        if config is None or not config.smtp_host:
            raise MailError("No mail server is configured: set SMTP_HOST, or the platform's smtpHost.")
        sender = self._sender or _sender_of(config)
        message["From"] = sender
        if "Message-ID" not in message:
            message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        # Encrypted from the start, or by STARTTLS: when there is a password always, else where it is offered.
        start_tls = True if config.smtp_user and not is_loopback(config.smtp_host) else None
        try:
            refused, response = await aiosmtplib.send(
                message,
                recipients=list(recipients),
                hostname=config.smtp_host,
                port=config.smtp_port,
                username=config.smtp_user or None,
                password=config.smtp_pass or None,
                use_tls=config.smtp_secure,
                start_tls=None if config.smtp_secure else start_tls,
                timeout=TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            said = str(error).replace(config.smtp_pass, "…") if config.smtp_pass else str(error)
            raise MailError(f"The mail server {config.smtp_host} did not take the letter: {said}") from None
        return Delivery(frozenset(refused), response)

    async def _run(self) -> None:
        while True:
            letter = await self._waiting.get()
            try:
                await self.send(letter)
            except EcoctrlError as error:
                log.warning("Mail was not sent", subject=letter.subject, reason=error.message)
            except Exception:
                log.exception("Mail was not sent", subject=letter.subject)
            finally:
                self._waiting.task_done()


def _sender_of(config: PlatformConfigRow) -> str:
    return config.smtp_user if "@" in config.smtp_user else f"ecoctrl@{config.smtp_host}"


def _message(letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["To"], message["Subject"], message["Date"] = letter.to, letter.subject, formatdate()
    message.set_content(letter.text)
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in letter.text.splitlines() if line)
    message.add_alternative(f"<!doctype html><html><body>{paragraphs}</body></html>", subtype="html")
    return message
