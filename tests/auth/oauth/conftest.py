"""The application with external accounts, and providers that speak their contracts over HTTP."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr

from ecoctrl_gql.app import create_app
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.config import Settings
from tests.auth.oauth.flows import HERE, Page
from tests.conftest import RecordingDatabase
from tests.factories import Factories
from tests.fakes.oauth_provider import APP_ID, SECRET, Fake, fake_provider


@pytest.fixture
def provider() -> Iterator[Fake]:
    with fake_provider() as started:
        yield started


def with_providers(settings: Settings, provider: Fake, **more: object) -> Settings:
    """Settings with both providers configured."""
    return settings.model_copy(
        update={
            "wechat_app_id": APP_ID,
            "wechat_app_secret": SecretStr(SECRET),
            "feishu_app_id": APP_ID,
            "feishu_app_secret": SecretStr(SECRET),
            "wechat_open_url": provider.url,
            "wechat_api_url": provider.url,
            "feishu_accounts_url": provider.url,
            "feishu_api_url": provider.url,
            **more,
        }
    )


@asynccontextmanager
async def browser_of(
    db: RecordingDatabase, configured: Settings, here: str = HERE, **headers: str
) -> AsyncIterator[Page]:
    """A browser, which keeps its cookies, on the application."""
    auth = Auth(db, configured)
    transport = httpx.ASGITransport(create_app(configured, db, auth))
    async with httpx.AsyncClient(transport=transport, base_url=here, headers=headers) as http:
        yield Page(http, db, auth)
    await auth.stop()


@pytest.fixture
async def configured(settings: Settings, make: Factories, provider: Fake) -> Settings:
    """Settings with both providers, which the platform allows."""
    await make.platform_config(allow_oauth_login=True, sessions_per_user=0)
    return with_providers(settings, provider, oauth_return_to=("https://dashboard.example.org",))


@pytest.fixture
async def browser(configured: Settings, db: RecordingDatabase) -> AsyncIterator[Page]:
    async with browser_of(db, configured) as browser:
        yield browser


@pytest.fixture
async def stranger(configured: Settings, db: RecordingDatabase) -> AsyncIterator[Page]:
    """Another browser."""
    async with browser_of(db, configured) as browser:
        yield browser
