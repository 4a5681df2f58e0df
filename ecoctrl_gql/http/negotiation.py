"""Which media type answers a request, by its ``Accept`` header."""

from functools import lru_cache
from typing import Final

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"
EVENT_STREAM: Final = "text/event-stream"

# Browsers send some 120 characters; longer ones are not worth a place in the caches.
MAX_ACCEPT_LENGTH = 500


def response_type(accept: str) -> str:
    """
    ``GRAPHQL_JSON`` for clients that ask for it, else ``JSON``.

    JSON also answers those who accept neither: a readable error serves them better than a 406.
    """
    return _response_type(accept) if len(accept) <= MAX_ACCEPT_LENGTH else JSON


def wants_event_stream(accept: str) -> bool:
    """
    Whether only events will do.

    urql lists ``text/event-stream`` among the JSON types in every request and can't read a plain
    query's answer as events, so a client that takes JSON gets JSON.
    """
    return EVENT_STREAM in accept and len(accept) <= MAX_ACCEPT_LENGTH and _wants_event_stream(accept)


@lru_cache(maxsize=256)
def _response_type(accept: str) -> str:
    weights = _weights(accept)
    asked_for = weights.get(GRAPHQL_JSON, 0.0)
    return GRAPHQL_JSON if asked_for > 0 and asked_for >= _weight_of(JSON, weights) else JSON


@lru_cache(maxsize=256)
def _wants_event_stream(accept: str) -> bool:
    weights = _weights(accept)
    takes_json = _weight_of(JSON, weights) > 0 or _weight_of(GRAPHQL_JSON, weights) > 0
    return weights.get(EVENT_STREAM, 0.0) > 0 and not takes_json


def _weights(accept: str) -> dict[str, float]:
    weights = {}
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weights[media_range] = _quality(parameters)
    return weights


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def _weight_of(media_type: str, weights: dict[str, float]) -> float:
    for media_range in (media_type, "application/*", "*/*"):
        if media_range in weights:
            return weights[media_range]
    return 0.0
