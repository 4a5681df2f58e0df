"""Where HTTP requests of workflows may not go, however the address is written."""

import asyncio
from itertools import cycle

import pytest
from starlette.responses import RedirectResponse

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import SetupError
from ecoctrl_gql.workflows.nodes.addresses import Allowed
from ecoctrl_gql.workflows.nodes.web import Web
from tests.fakes.web import fake_web
from tests.workflows.nodes.conftest import Nodes

LITERALS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "0.0.0.0",  # noqa: S104 - nobody binds to it
    "0",
    "user@127.0.0.1",
    "example.org@127.0.0.1",
    "127%2e0%2e0%2e1",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "localhost",
    "LOCALHOST.",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fec0::1]",
    "[fc00::1]",
    "[ff02::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[2001:db8::1]",
]

LEADS_TO = [
    *("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.0.0.192", "168.63.129.16", "100.64.0.1"),
    *("0.0.0.0", "192.88.99.1", "::1", "::", "::ffff:10.0.0.1", "::10.0.0.1"),  # noqa: S104 - nobody binds to it
    *("fe80::1", "fec0::1", "fd12::1", "ff02::1", "3fff::1", "2002:a00:1::1"),
    *("64:ff9b::a00:1", "64:ff9b:1::808:808", "2001::1", "2001:db8::1"),
]


def leading_to(*addresses: str, allowed: Allowed | None = None) -> Web:
    """A web in which every name leads to these addresses."""

    async def find(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return Web(allowed or Allowed.of(()), find)


@pytest.fixture
def nodes(tmp_path):
    """No node here needs a database."""
    settings = Settings(_env_file=None, data_dir=tmp_path, jwt_secret="x" * 40)
    return Nodes(Database("postgresql://127.0.0.1:9/unused"), settings)


@pytest.fixture(scope="module")
def web():
    with fake_web() as served:
        yield served


@pytest.mark.parametrize("host", LITERALS)
async def test_no_spelling_of_a_private_address_is_asked(host, nodes, web):
    web.asked.clear()
    port = web.url.rpartition(":")[2]

    await nodes.failure("http_request", url=f"http://{host}:{port}/inside/x", timeoutMs=3000)

    assert web.asked == []


@pytest.mark.parametrize("address", LEADS_TO)
async def test_a_name_is_judged_by_the_address_that_it_leads_to(address, nodes):
    nodes.replaced["web"] = leading_to(address)

    failure = await nodes.failure("http_request", url="http://meters.example.org/")

    assert str(failure) == (
        "meters.example.org is not public; workflows reach it only where WORKFLOW_HTTP_ALLOW names it."
    )


async def test_one_private_address_among_public_ones_is_enough_to_refuse(nodes):
    nodes.replaced["web"] = leading_to("93.184.216.34", "10.0.0.1")

    assert "is not public" in str(await nodes.failure("http_request", url="http://mixed.example.org/"))


async def test_the_connection_goes_to_the_address_that_was_checked(nodes, web):
    """A name that leads elsewhere right after it was checked is no way into the house."""
    answers, connected = cycle([["127.0.0.1"], ["10.9.9.9"]]), []

    async def rebinding(host: str, _port: int) -> list[str]:
        connected.append(host)
        return next(answers)

    nodes.replaced["web"] = Web(Allowed.of(["127.0.0.1"]), rebinding)
    web.answers["inside"] = {"ok": True}
    port = web.url.rpartition(":")[2]

    result = await nodes.run("http_request", url=f"http://rebound.example.org:{port}/inside/x")

    assert result["body"] == {"ok": True}
    assert connected == ["rebound.example.org"]  # asked once: nobody resolves it anew to connect
    assert web.of("inside")[-1].headers["host"] == f"rebound.example.org:{port}"
    assert "is not public" in str(
        await nodes.failure("http_request", url=f"http://rebound.example.org:{port}/")
    )


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.2:{port}/secret/x", "//127.0.0.2:{port}/secret/x", "http://[::ffff:127.0.0.2]:{port}/"],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_into_the_house_is_refused(target, status, nodes, web):
    web.asked.clear()
    port = web.url.rpartition(":")[2]
    web.answers["lure"] = RedirectResponse(target.format(port=port), status)
    nodes.set(workflow_http_allow=("127.0.0.1",))

    failure = await nodes.failure("http_request", url=f"{web.url}/lure/x")

    assert "is not public" in str(failure)
    assert web.of("secret") == []


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x", "unix:/x"]
)
async def test_only_http_is_spoken(target, nodes, web):
    nodes.set(workflow_http_allow=("127.0.0.1",))
    web.answers["lure"] = RedirectResponse(target, 302)

    assert "is no address of a web service" in str(await nodes.failure("http_request", url=target))
    assert "is no address of a web service" in str(
        await nodes.failure("http_request", url=f"{web.url}/lure/x")
    )


async def test_redirects_end_after_five(nodes, web):
    web.asked.clear()
    web.answers["round"] = RedirectResponse("/round/again", 302)
    nodes.set(workflow_http_allow=("127.0.0.1",))

    assert "5 redirects are the most" in str(await nodes.failure("http_request", url=f"{web.url}/round/x"))
    assert len(web.of("round")) == 6


async def test_secrets_are_not_carried_to_another_origin(nodes, web):
    web.asked.clear()
    port = web.url.rpartition(":")[2]
    web.answers |= {"other": {}, "same": {}}
    web.answers["away"] = RedirectResponse(f"http://b.example.org:{port}/other/x", 307)
    web.answers["home"] = RedirectResponse(f"http://a.example.org:{port}/same/x", 307)
    nodes.replaced["web"] = leading_to("127.0.0.1", allowed=Allowed.of(["127.0.0.1"]))
    secrets = {"authorization": "Bearer s", "cookie": "a=b", "x-api-key": "k", "private-token": "t"}
    headers = {**secrets, "Accept": "text/csv"}

    await nodes.run("http_request", url=f"http://a.example.org:{port}/away/x", headers=headers)
    await nodes.run("http_request", url=f"http://a.example.org:{port}/home/x", headers=headers)

    (other,), (same,) = web.of("other"), web.of("same")
    assert secrets.keys() & other.headers.keys() == set()
    assert other.headers["accept"] == "text/csv"
    assert {name: same.headers[name] for name in secrets} == secrets


async def test_a_name_and_password_in_the_address_are_refused(nodes):
    failure = await nodes.failure("http_request", url="http://kim:hunter2@example.org/x?token=t")

    assert str(failure) == "http://example.org/x: a name and password belong in the header Authorization."


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_proxies_of_the_environment_are_not_used(name, nodes, web, monkeypatch):
    web.answers["proxied"] = {"direct": True}
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    nodes.set(workflow_http_allow=("127.0.0.1",))

    assert (await nodes.run("http_request", url=f"{web.url}/proxied/x"))["body"] == {"direct": True}


@pytest.mark.parametrize(
    ("entries", "host", "address", "admitted"),
    [
        ((), "a.example", "93.184.216.34", True),
        (("10.0.0.0/8",), "a.example", "10.1.1.1", True),
        (("10.0.0.0/8",), "a.example", "11.0.0.1", True),
        (("10.0.0.0/8",), "a.example", "192.168.0.1", False),
        (("fd00::/8",), "a.example", "fd00::7", True),
        (("Meters.Local.",), "meters.local", "192.168.0.1", True),
        (("meters.local",), "METERS.LOCAL.", "192.168.0.1", True),
        (("meters.local",), "evil-meters.local", "192.168.0.1", False),
        (("meters.local",), "meters.local.evil.org", "192.168.0.1", False),
    ],
)
def test_what_the_setting_allows(entries, host, address, admitted):
    assert Allowed.of(entries).admits(host, address) is admitted


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "http://meters.local", "meters.local:80", "a/b"])
def test_a_setting_that_is_no_host_is_told_at_start(entry):
    with pytest.raises(SetupError, match="WORKFLOW_HTTP_ALLOW"):
        Allowed.of([entry])


async def test_a_slow_resolver_is_not_waited_for_longer_than_the_request(nodes):
    async def never(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    nodes.replaced["web"] = Web(Allowed.of(()), never)

    failure = await nodes.failure("http_request", url="http://slow.example.org/", timeoutMs=200)

    assert str(failure) == "http://slow.example.org/ did not answer within 0.2 seconds."
