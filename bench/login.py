"""Logging in to the servers that want to know who asks."""

import http.client

import orjson

from bench.errors import BenchError
from bench.queries import OURS
from bench.servers import Server

USER, PASSWORD = "operator", "the password of the benchmark"

LOG_IN = """mutation($login: String!, $password: String!) {
  login(input: {login: $login, password: $password}) { accessToken } }"""


def headers(server: Server) -> dict[str, str]:
    """
    The headers of a request, with the token of a session that begins now.

    Raises:
        BenchError: The login failed.
    """
    plain = {"Content-Type": "application/json", "Accept": "application/json"}
    if server.kind.dialect != OURS:
        return plain
    body = orjson.dumps({"query": LOG_IN, "variables": {"login": USER, "password": PASSWORD}})
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", "/graphql", body, plain)
    answer = connection.getresponse().read()
    connection.close()
    try:
        token = orjson.loads(answer)["data"]["login"]["accessToken"]
    except (ValueError, KeyError, TypeError):
        raise BenchError(f"{server.kind.name}: the login failed: {answer[:500]!r}") from None
    return plain | {"Authorization": f"Bearer {token}"}
