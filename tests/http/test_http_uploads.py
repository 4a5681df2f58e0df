import json

import httpx
import pytest

PREFLIGHT = {"apollo-require-preflight": "true"}
ONE = {"query": "mutation ($file: Upload!) {upload(file: $file)}", "variables": {"file": None}}
TWO = {
    "query": "mutation ($files: [Upload!]!) {uploads(files: $files)}",
    "variables": {"files": [None, None]},
}
PLACE = {"0": ["variables.file"]}


def send(client: httpx.Client, operations: object, places: object, files: dict | None = None, **headers: str):
    form = {
        "operations": operations if isinstance(operations, str) else json.dumps(operations),
        "map": places if isinstance(places, str) else json.dumps(places),
    }
    return client.post(
        "/graphql", data=form, files=files or {"0": ("a.txt", b"12345")}, headers=headers or PREFLIGHT
    )


@pytest.mark.parametrize("header", ["apollo-require-preflight", "x-requested-with"])
def test_files_arrive_in_their_places(client: httpx.Client, header: str):
    one = send(client, ONE, PLACE, **{header: "true"})
    files = {"a": ("a.txt", b"12345"), "b": ("b.txt", b"678")}
    two = send(
        client, TWO, {"a": ["variables.files.0"], "b": ["variables.files.1"]}, files, **{header: "true"}
    )
    twice = send(client, TWO, {"0": ["variables.files.0", "variables.files.1"]}, **{header: "true"})

    assert one.json() == {"data": {"upload": "a.txt:5"}}
    assert two.json() == {"data": {"uploads": 8}}
    # One file in two places is read to its end by whoever comes first.
    assert twice.json() == {"data": {"uploads": 5}}


def test_uploads_may_be_larger_than_other_bodies(client: httpx.Client):
    answer = send(client, ONE, PLACE, {"0": ("large", b"x" * 5_000_000)})

    assert answer.json() == {"data": {"upload": "large:5000000"}}


def test_a_form_of_another_site_is_refused(client: httpx.Client):
    answer = send(client, ONE, PLACE, **{"x-other": "1"})

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")


MALFORMED = {
    "operations a number": (1, PLACE),
    "operations null": ("null", PLACE),
    "operations a list": ([ONE], {"0": ["0.variables.file"]}),
    "operations no JSON": ("{", PLACE),
    "operations 50,000 deep": ("[" * 50_000, PLACE),
    "map a list": (ONE, [["variables.file"]]),
    "map a number": (ONE, 1),
    "map null": (ONE, "null"),
    "map of a number": (ONE, {"0": 1}),
    "map of text": (ONE, {"0": "variables.file"}),
    "map of numbers": (ONE, {"0": [1]}),
    "map names no file": (ONE, {"1": ["variables.file"]}),
    "map names a text field": (ONE, {"map": ["variables.file"]}),
    "no such variable": (ONE, {"0": ["variables.other"]}),
    "not below the variables": (ONE, {"0": ["query"]}),
    "the variables themselves": (ONE, {"0": ["variables"]}),
    "an empty path": (ONE, {"0": [""]}),
    "below a text": (ONE, {"0": ["query.0"]}),
    "below null": (ONE, {"0": ["variables.file.x"]}),
    "no null there": ({**ONE, "variables": {"file": "text"}}, PLACE),
    "index into a list of two": (TWO, {"0": ["variables.files.2"]}),
    "index 99999999 into a list": (TWO, {"0": ["variables.files.99999999"]}),
    "index of 5,000 digits": (TWO, {"0": ["variables.files." + "9" * 5_000]}),
    "negative index": (TWO, {"0": ["variables.files.-1"]}),
    "index that is no number": (TWO, {"0": ["variables.files.²"]}),
    "variables a list": ({**ONE, "variables": [None]}, {"0": ["variables.0"]}),
    "1,000 places": (TWO, {"0": ["variables.files.0"] * 1_000}),
}


@pytest.mark.parametrize(("operations", "places"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_uploads_are_bad_requests(client: httpx.Client, operations: object, places: object):
    answer = send(client, operations, places)

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n\r\n"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"nothing of the kind"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="operations"; filename="o"\r\n\r\n{}\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n1\r\n' * 20 + b"--x--\r\n",
        ),
    ],
)
def test_malformed_forms_are_bad_requests(client: httpx.Client, content_type: str, body: bytes):
    answer = client.post("/graphql", content=body, headers=PREFLIGHT | {"content-type": content_type})

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


def test_the_routed_endpoint_takes_uploads_too(client: httpx.Client):
    form = {"operations": json.dumps(ONE), "map": json.dumps(PLACE)}
    good = client.post("/routed", data=form, files={"0": ("a.txt", b"1")}, headers=PREFLIGHT)
    bad = client.post("/routed", content=b"x", headers=PREFLIGHT | {"content-type": "multipart/form-data"})

    assert good.json() == {"data": {"upload": "a.txt:1"}}
    assert bad.status_code == 400
