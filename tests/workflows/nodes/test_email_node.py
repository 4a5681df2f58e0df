"""Mail that workflows send."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.auth.mailbox import Mailbox, mail_server, unused_port

PASSWORD = "hunter2-the-canary"


@pytest.fixture
async def mailbox(nodes):
    with mail_server() as box:
        await configure(nodes, box.port)
        yield box


async def configure(nodes, port, **values):
    await nodes.db.repositories().platform_configs.put(
        **{
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_user": "",
            "smtp_pass": "",
            "smtp_secure": False,
            **values,
        }
    )


async def test_a_mail_arrives_as_it_was_written(nodes, mailbox):
    nodes.set(mail_from="ecoctrl@example.org")
    result = await nodes.run(
        "email",
        to="a@example.org, b@example.org",
        cc=["c@example.org"],
        bcc=["d@example.org"],
        replyTo="desk@example.org",
        subject="负荷 above target",
        body="500 kW\nat noon",
    )

    (message,) = mailbox.messages
    assert message["To"] == "a@example.org, b@example.org"
    assert (message["Cc"], message["Bcc"], message["Reply-To"]) == ("c@example.org", None, "desk@example.org")
    assert message["From"] == "ecoctrl@example.org"
    assert message["Subject"] == "负荷 above target"
    assert message["Date"] == "Sat, 28 Nov 2026 07:00:00 +0000"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().splitlines() == ["500 kW", "at noon"]
    assert result == {
        "messageId": message["Message-ID"],
        "sent": True,
        "accepted": [f"{name}@example.org" for name in "abcd"],
        "rejected": [],
        "response": result["response"],
    }
    assert "OK" in result["response"]


async def test_a_repeated_mail_can_be_known_by_its_id(nodes, mailbox):
    config = {"to": "a@example.org", "subject": "s", "body": "b"}
    first, second = [await nodes.run("email", **config) for _ in range(2)]
    nodes.changes["key"] = "run-2/node"
    other = await nodes.run("email", **config)

    assert first["messageId"] == second["messageId"] != other["messageId"]
    assert len(mailbox.messages) == 3


async def test_html_is_sent_as_html(nodes, mailbox):
    await nodes.run("email", to="a@example.org", subject="s", body="<p>hi</p>", bodyType="html")

    assert mailbox.messages[0].get_content_type() == "text/html"
    assert mailbox.messages[0].get_content().strip() == "<p>hi</p>"


async def test_names_beside_addresses_are_kept(nodes, mailbox):
    result = await nodes.run("email", to=["Ops Desk <ops@example.org>"], subject="s", body="b")

    assert mailbox.messages[0]["To"] == "Ops Desk <ops@example.org>"
    assert result["accepted"] == ["ops@example.org"]


@pytest.mark.parametrize("key", ["to", "cc", "bcc", "replyTo"])
@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\r\nBcc: evil@example.org",
        "a@example.org\nX: y",
        "a@example.org\u2028Bcc: evil@example.org",
        "a@example.org\x85X: y",
        "a@example.org\x00",
        "a@example.org> NOTIFY=NEVER",
        "a@example.org, evil@example.org",
        "a b@example.org",
        "@example.org",
        "a@",
        "plain",
        "<a@example.org",
        "a@b@c.org",
        "\ud800@example.org",
        "a@" + "x" * 300 + ".org",
    ],
)
async def test_what_is_more_or_less_than_an_address_is_refused(key, address, nodes, mailbox):
    config = {"to": ["ok@example.org"], "subject": "s", "body": "b"}
    config[key] = address if key == "replyTo" else [address]

    failure = await nodes.failure("email", **config)

    assert str(failure).endswith(".")
    assert mailbox.messages == []


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: evil@example.org", "a\nb", "a\u2028b", "a\x0bb", "a\x85b", "a\x00b", "\ud800"]
)
async def test_a_subject_is_one_line(subject, nodes, mailbox):
    failure = await nodes.failure("email", to="a@example.org", subject=subject, body="b")

    assert str(failure) == "The subject holds a line break or another character that it can't."
    assert mailbox.messages == []


async def test_a_body_with_half_a_character_is_refused(nodes, mailbox):
    await nodes.failure("email", to="a@example.org", subject="s", body="\ud800")

    assert mailbox.messages == []


async def test_lines_that_look_like_smtp_stay_text(nodes, mailbox):
    await nodes.run(
        "email", to="a@example.org", subject="s", body="x\r\n.\r\nMAIL FROM:<e@example.org>\r\n.."
    )

    assert mailbox.messages[0].get_content().splitlines() == ["x", ".", "MAIL FROM:<e@example.org>", ".."]
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize(("count", "sent"), [(100, True), (101, False)])
async def test_a_hundred_recipients_are_the_most(count, sent, nodes, mailbox):
    config = {"to": [f"u{n}@example.org" for n in range(count)], "subject": "s", "body": "b"}

    if sent:
        assert len((await nodes.run("email", **config))["accepted"]) == count
    else:
        assert "100 are the most" in str(await nodes.failure("email", **config))
    assert len(mailbox.messages) == sent


class Picky(Mailbox):
    """Takes nobody whose name begins with no."""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802  # its name there
        if address.startswith("no"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@contextmanager
def picky() -> Iterator[Picky]:
    from aiosmtpd.controller import Controller

    box = Picky(unused_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


async def test_who_was_refused_is_told(nodes):
    with picky() as box:
        await configure(nodes, box.port)
        some = await nodes.run("email", to="Some One <a@example.org>, no1@example.org", subject="s", body="b")
        failure = await nodes.failure("email", to="no1@example.org", subject="s", body="b")

    assert (some["accepted"], some["rejected"]) == (["a@example.org"], ["no1@example.org"])
    assert "no such user" in str(failure)
    assert len(box.messages) == 1


async def test_without_a_mail_server_it_fails_in_words(nodes):
    failure = await nodes.failure("email", to="a@example.org", subject="s", body="b")

    assert str(failure) == "No mail server is configured: set SMTP_HOST, or the platform's smtpHost."


async def test_where_nobody_answers(nodes):
    await configure(nodes, unused_port())

    assert "did not take the letter" in str(await nodes.failure("email", to="a@example.org", subject="s"))


async def test_the_password_is_in_no_message(nodes):
    """A server that repeats what it was sent, as some do in their errors."""

    async def parrot(reader, writer):
        writer.write(b"220 hi\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"EHLO"):
                writer.write(b"250-hi\r\n250 AUTH PLAIN LOGIN\r\n")
            else:
                writer.write(f"535 wrong password {PASSWORD}\r\n".encode())
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(parrot, "127.0.0.1", 0) as server:
        await configure(nodes, server.sockets[0].getsockname()[1], smtp_user="kim", smtp_pass=PASSWORD)
        failure = await nodes.failure("email", to="a@example.org", subject="s", body="b")

    assert "wrong password" in str(failure)
    assert PASSWORD not in str(failure)


async def test_a_dry_run_sends_nothing(nodes, mailbox):
    preview = await nodes.preview("email", to="a@example.org", bcc="b@example.org", subject="s", body="b")

    assert mailbox.messages == []
    assert preview.result["accepted"] == ["a@example.org", "b@example.org"]
    assert preview.effect == {
        "to": ["a@example.org"],
        "cc": [],
        "bcc": ["b@example.org"],
        "subject": "s",
        "body": "b",
    }
