"""Whether all servers give the same answers."""

import http.client
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from bench.errors import BenchError
from bench.login import headers
from bench.samples import Samples
from bench.servers import Server
from bench.workloads import Workload

_TIMES = frozenset({"time", "readingAt", "startedAt", "completedAt"})
_CLOSED_SETS = frozenset({"level", "status", "priority", "dataType"})


def checked_lengths(
    servers: list[Server], workload: Workload, samples: Samples
) -> dict[str, list[int] | None]:
    """
    Ask every server everything that it will be asked, and compare what the answers say.

    Returns:
        How many bytes each answer of each server has; None where that changes from time to time.

    Raises:
        BenchError: An answer is an error, or two servers differ.
    """
    expected: list[Any] = []
    lengths: dict[str, list[int] | None] = {}
    for server in servers:
        bodies = list(_answers(server, workload, samples))
        said = [comparable(_data(server, workload, body), workload.changing) for body in bodies]
        expected = expected or said
        for number, (one, other) in enumerate(zip(expected, said, strict=True)):
            if one != other:
                raise BenchError(
                    f"{workload.name}: {servers[0].kind.name} and {server.kind.name} answer request {number}"
                    f" differently:\n{str(one)[:1500]}\n{str(other)[:1500]}"
                )
        lengths[server.kind.name] = None if workload.changing else [len(body) for body in bodies]
    return lengths


def _answers(server: Server, workload: Workload, samples: Samples) -> Iterator[bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    logged_in = headers(server)
    for body in workload.bodies(server.kind.dialect, samples):
        connection.request("POST", workload.path(server.kind.dialect), body, logged_in)
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise BenchError(
                f"{workload.name}: {server.kind.name} answers {response.status}: {answer[:1000]!r}"
            )
        yield answer
    connection.close()


def _data(server: Server, workload: Workload, body: bytes) -> Any:
    answer = orjson.loads(body)
    if "errors" in answer or not all(answer["data"].values()):
        raise BenchError(f"{workload.name}: {server.kind.name} answers {body[:1000]!r}")
    return answer["data"]


def comparable(value: Any, changing: frozenset[str] = frozenset(), name: str = "") -> Any:
    """What a value says, however it is said: ids without their type, enums in lower case, lists bare."""
    if isinstance(value, Mapping):
        if value.keys() == {"nodes"}:
            return comparable(value["nodes"], changing)
        return {
            key: comparable(inner, changing, key)
            for key, inner in value.items()
            if key not in changing and (key, inner) != ("userErrors", [])
        }
    if isinstance(value, list):
        return [comparable(item, changing, name) for item in value]
    if name == "id":
        return str(value).rpartition("_")[2]
    if name in _TIMES and value is not None:
        return datetime.fromisoformat(value).timestamp()
    return value.lower() if name in _CLOSED_SETS else value
