"""No token, code, state or cookie of a login with an external account is told to anybody else."""

from urllib.parse import parse_qs, urlsplit

from ecoctrl_gql.auth.passwords import password_hash
from tests.auth.canary import found_in, studio_pages
from tests.auth.oauth.flows import BIND, REGISTER, UNLINK, back, exchanged, to_provider
from tests.fakes.oauth_provider import SECRET

WORD, WRONG = "canary-of-the-password", "canary-of-a-wrong-password"
REFRESH_TOKEN = "canary-of-the-refresh-token"
COOKIE = "ecoctrl_oauth"


class Flow:
    """A browser that remembers the secrets of the logins that it goes through, and what else it is told."""

    def __init__(self, browser) -> None:
        self.browser = browser
        self.secrets: set[str] = set()
        self.told: list[str] = []

    async def to_provider(self, *given, **more) -> str:
        callback = await to_provider(self.browser, *given, **more)
        query = parse_qs(urlsplit(callback).query)
        self.secrets |= {query["code"][0], query["state"][0], self.browser.http.cookies[COOKIE]}
        self.secrets.add(self.browser.verifier)
        return callback

    async def code(self, name: str = "WECHAT") -> str:
        told = await back(self.browser, await self.to_provider(name))
        self.secrets.add(told["code"])
        return told["code"]

    async def exchanged(self, code: str, token: str | None = None) -> dict:
        payload = await exchanged(self.browser, code, token)
        self.keep(payload)
        return payload

    async def refused(self, callback: str) -> None:
        answer = await self.browser.http.get(callback)
        assert answer.status_code == 400
        self.told.append(answer.text + str(answer.headers))

    def keep(self, payload: dict) -> None:
        names = ("accessToken", "refreshToken", "bindToken")
        self.secrets |= {payload[name] for name in names if payload.get(name)}


async def test_no_secret_of_a_login_gets_out(browser, configured, provider, make, log, capsys):
    await make.user(username="sue", email="sue@example.org", role="super_admin", password=password_hash(WORD))
    await browser.execute("UPDATE platform_configs SET allow_registration = true")
    provider.refresh_token = REFRESH_TOKEN
    flow = Flow(browser)
    known = {"login": "sue", "password": WORD}

    bind_token = (await flow.exchanged(await flow.code()))["bindToken"]
    wrong = known | {"bindToken": bind_token, "password": WRONG}
    flow.told.append(str((await browser(BIND, input=wrong)).data))
    bound = (await browser(BIND, input=known | {"bindToken": bind_token})).data["bindOAuth"]
    flow.keep(bound)
    flow.told.append(str((await browser(BIND, input=known | {"bindToken": bind_token})).data))  # again
    code = await flow.code()
    token = (await flow.exchanged(code))["accessToken"]
    flow.told.append(str(await exchanged(browser, code)))  # again
    callback = await flow.to_provider("FEISHU", token, link=True)
    code = (await back(browser, callback))["code"]
    flow.secrets.add(code)
    assert (await flow.exchanged(code, token))["linked"] == "FEISHU"
    await flow.refused(callback)
    failing = await flow.to_provider("FEISHU")
    provider.fails = "garbage"
    assert await back(browser, failing) == {"error": "PROVIDER_FAILED"}
    provider.fails = None
    stolen = await flow.to_provider()
    browser.http.cookies.clear()
    await flow.refused(stolen)
    unlinked = await browser(UNLINK, token, provider="FEISHU")
    assert unlinked.data["unlinkOAuth"]["userErrors"] == []
    bind_token = (await flow.exchanged(await flow.code("FEISHU")))["bindToken"]
    new = {"bindToken": bind_token, "username": "Ming", "email": "ming@example.org", "code": "123456"}
    flow.told.append(str((await browser(REGISTER, input=new)).data))

    audit = str(await browser.execute("SELECT * FROM audit_entries"))
    stored = str(await browser.execute("SELECT * FROM oauth_accounts"))
    pages = await studio_pages(configured, browser.db, "sue", WORD)
    secrets = flow.secrets | {WORD, WRONG, SECRET, REFRESH_TOKEN, provider.token}
    everything = [*flow.told, audit, stored, *pages, log.getvalue(), *capsys.readouterr()]
    assert len(secrets) > 20
    assert found_in(everything, secrets) == set()
    for action in ("oauth.linked", "oauth.logged_in", "oauth.unlinked"):
        assert action in audit
        assert any(action in page for page in pages)
