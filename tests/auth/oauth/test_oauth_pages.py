"""The pages that a login with an external account may end at."""

import pytest

from ecoctrl_gql.auth.oauth.returning import origin_of, require_allowed
from ecoctrl_gql.errors import BadInputError
from tests.auth.oauth.flows import START

ALLOWED = ["https://dashboard.example.org", "http://127.0.0.1:8000", "http://kiosk.example.org"]


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/",
        "http://127.0.0.1:8000.evil.example/",
        "http://127.0.0.1:8000@evil.example/",
        "http://evil.example\\@127.0.0.1:8000/",
        "http:\\\\evil.example/",
        "http://evil.example#@127.0.0.1:8000/",
        "//evil.example/",
        "/relative",
        "javascript:alert(1)",
        "https://127.0.0.1:8000/",
        "http://127.0.0.1:8001/",
        "http://127.0.0.1:8000\n.evil.example/",
        "http://127.0.0.1:8000/\r\nSet-Cookie: a=b",
        " http://127.0.0.1:8000/",
        "http://[::1",
        "",
        "http://127.0.0.1:8000/" + "x" * 2_000,
        "https://dashboard.example.org.evil.example/",
        "https://xdashboard.example.org/",
        "https://dashboard.example.org./",
        "https://user@dashboard.example.org/",
        "https://dashboard.example.org:65536443/",
        "https://dashboard%2eexample.org/",
    ],
)
async def test_no_page_elsewhere_is_returned_to(browser, page):
    refused = await browser(START, input={"provider": "WECHAT", "returnTo": page})

    assert refused.data["startOAuth"]["userErrors"] == [
        {"code": "BAD_USER_INPUT", "field": ["input", "returnTo"]}
    ]


@pytest.mark.parametrize(
    "page",
    [
        "http://\u212aiosk.example.org/",  # the sign of the kelvin, a k in lower case
        "https://da\u017fhboard.example.org/",  # the long s, an s in upper case
        "https://d\u0430shboard.example.org/",  # a Cyrillic a
        "https://dashboard\u3002example.org/",  # an ideographic full stop, a dot to browsers
        "https://dashboard.example.org\uff0f@evil.example/",  # a full-width slash
        "https://dashboard.example.org\u200b/",
        "https://dashboard.example.org:\uff14\uff14\uff13/",
        "https://dashboard.example.org/\u4e2d",
    ],
)
def test_letters_that_look_or_fold_like_others_are_none(page):
    assert origin_of(page) is None
    with pytest.raises(BadInputError):
        require_allowed(page, [*ALLOWED, page])


@pytest.mark.parametrize(
    "page",
    [
        "https://dashboard.example.org",
        "https://DASHBOARD.example.org:443/a?b=c&d=%20#e",
        "https://dashboard.example.org?next=/a@b",
        "http://127.0.0.1:8000/login#/after",
    ],
)
def test_pages_of_allowed_origins_are_returned_to(page):
    require_allowed(page, ALLOWED)
    with pytest.raises(BadInputError):
        require_allowed(page, ["http://dashboard.example.org", "https://127.0.0.1:8000"])


def test_names_of_other_scripts_are_known_as_the_name_system_has_them():
    require_allowed("https://xn--bcher-kva.example/", ["https://xn--bcher-kva.example"])


def test_a_platform_that_lets_all_origins_call_returns_to_none_of_them():
    with pytest.raises(BadInputError):
        require_allowed("https://evil.example/", ["*"])
