"""Looking a request's header up."""

from starlette.requests import HTTPConnection


def header(request: HTTPConnection, name: bytes) -> str | None:
    """
    The first header of a name in lower case; None where there is none.

    As Starlette's ``headers.get``, which encodes and compares by many small steps.
    """
    for known, value in request.scope["headers"]:
        if known == name:
            text: str = value.decode("latin-1")
            return text
    return None
