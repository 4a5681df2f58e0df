from collections.abc import Iterator

import httpx
import pytest
from sample_server import OTHER_ORIGIN, Server, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server(cors_origin=(OTHER_ORIGIN,)) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=20) as http_client:
        yield http_client
