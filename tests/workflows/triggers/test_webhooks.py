"""Whether a call of a webhook is to be believed, and event names."""

import hmac
from hashlib import sha256

import pytest

from ecoctrl_gql.workflows.triggers.events import event_matches, is_event_name, is_event_pattern
from ecoctrl_gql.workflows.triggers.networks import NetworkError, is_allowed, neighbourhood, parse_network
from ecoctrl_gql.workflows.triggers.signatures import SignatureFault, sign, signature_fault
from tests.workflows.triggers.moments import NOON

SECRET, BODY = "sésame", b'{ "kind" : "fire", "z": 1.50 }'
GOOD = hmac.new(SECRET.encode(), BODY, sha256).hexdigest()
NOW = str(int(NOON.timestamp()))
STAMPED = hmac.new(SECRET.encode(), f"{NOW}.".encode() + BODY, sha256).hexdigest()


def fault(headers, body=BODY, **options):
    return signature_fault(SECRET, body, headers, NOON, **options)


@pytest.mark.parametrize("header", ["x-webhook-signature", "x-hub-signature-256"])
@pytest.mark.parametrize("signature", [GOOD, f"sha256={GOOD}", GOOD.upper(), f" sha256={GOOD}"])
def test_a_signature_over_the_bytes_is_believed(header, signature):
    assert fault({header: signature}) is None


@pytest.mark.parametrize(
    "signature", [GOOD[:-1], f"{GOOD}0", "0" * 64, "sha256=", "sha1=" + GOOD, "é" * 64, "\x00", "x" * 100_000]
)
def test_another_signature_is_not(signature):
    assert fault({"x-webhook-signature": signature}) is SignatureFault.WRONG


def test_the_body_is_taken_as_it_came():
    assert fault({"x-webhook-signature": GOOD}, b'{"kind":"fire","z":1.5}') is SignatureFault.WRONG


def test_a_call_without_signature_is_not_believed():
    assert fault({}) is SignatureFault.MISSING
    assert fault({"x-webhook-signature": ""}) is SignatureFault.MISSING


def test_the_first_header_decides():
    assert fault({"x-webhook-signature": "0" * 64, "x-hub-signature-256": GOOD}) is SignatureFault.WRONG


def stamped(timestamp, signature):
    return {"x-webhook-timestamp": timestamp, "x-webhook-signature": signature}


def test_a_timestamp_must_be_recent():
    at = int(NOON.timestamp())
    for seconds, expected in (
        (0, None),
        (300, None),
        (-300, None),
        (301, SignatureFault.STALE),
        (-9999, SignatureFault.STALE),
    ):
        timestamp = str(at + seconds)
        assert fault(stamped(timestamp, sign(SECRET, BODY, timestamp))) is expected
    assert (
        fault(stamped(str(at - 61), sign(SECRET, BODY, str(at - 61))), tolerance_s=60) is SignatureFault.STALE
    )


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "1e9", "١٢٣", "9" * 400, "12.5"])
def test_a_timestamp_is_a_number_of_seconds(timestamp):
    assert fault(stamped(timestamp, GOOD)) is SignatureFault.BAD_TIMESTAMP


def test_where_timestamps_are_required_a_recorded_call_is_refused():
    assert fault(stamped(NOW, STAMPED), timestamp_required=True) is None
    assert fault({"x-webhook-signature": GOOD}, timestamp_required=True) is SignatureFault.NO_TIMESTAMP
    assert fault(stamped(NOW, GOOD), timestamp_required=True) is SignatureFault.WRONG
    assert fault(stamped(str(int(NOW) + 1), STAMPED), timestamp_required=True) is SignatureFault.WRONG


def test_elsewhere_a_call_with_a_timestamp_may_sign_the_body_alone():
    assert fault(stamped(NOW, GOOD)) is None
    assert fault(stamped(NOW, STAMPED)) is None


@pytest.mark.parametrize(
    ("client", "allowed"),
    [
        ("192.0.2.10", True),
        ("192.0.2.11", False),
        ("10.255.0.1", True),
        ("11.0.0.1", False),
        ("::ffff:192.0.2.10", True),
        ("2001:db8::5", True),
        ("2001:db9::5", False),
        ("fe80::1%eth0", True),
        ("", False),
        (None, False),
        ("unix:", False),
    ],
)
def test_addresses_are_allowed_by_network(client, allowed):
    networks = [parse_network(text) for text in ("192.0.2.10", "10.1.2.3/8", " 2001:db8::/32 ", "fe80::/10")]

    assert is_allowed(client, networks) is allowed
    assert not is_allowed(client, [])


@pytest.mark.parametrize(
    "text", ["", "10.0.0.0/33", "10.0.0", "host", "192.0.2.300", "::1/129", "1.2.3.4-1.2.3.9"]
)
def test_what_is_no_network_is_refused(text):
    with pytest.raises(NetworkError):
        parse_network(text)


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("alert.added", "alert.added", True),
        ("alert.added", "alert.changed", False),
        ("alert.added", "alert.added.now", False),
        ("alert.*", "alert.added", True),
        ("alert.*", "alert.level.changed", True),
        ("alert.*", "alert", False),
        ("*.added", "alert.added", True),
        ("*.added", "alert.level.added", False),
        ("*", "anything.at:all", True),
        ("update:*", "update:widgets", True),
        ("update.*", "update:widgets", False),
    ],
)
def test_events_are_matched_by_words(pattern, name, matches):
    assert is_event_pattern(pattern)
    assert is_event_name(name)
    assert event_matches(pattern, name) is matches


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a b", "a*", "*.*b", "a" * 201])
def test_what_is_no_event_name_is_told(text):
    assert not is_event_pattern(text)
    assert not is_event_name(text)


def test_one_subscriber_counts_as_one_caller():
    assert neighbourhood("2001:db8:1:2::5") == neighbourhood("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert neighbourhood("2001:db8:1:3::5") == "2001:db8:1:3::/64"
    assert neighbourhood("::ffff:192.0.2.10") == neighbourhood("192.0.2.10") == "192.0.2.10"
    assert [neighbourhood(client) for client in ("", None, "unix:")] == ["", "", "unix:"]
