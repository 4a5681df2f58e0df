"""A client that behaves as a browser does."""

import json
import re
from html import unescape
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from ecoctrl_gql.studio.app import Studio
from tests.studio.samples import PASSWORD

BASE_URL = "http://studio.test"


class Browser(httpx.AsyncClient):
    """A client that keeps cookies, follows redirects and fills in forms as a browser does."""

    def __init__(self, studio: Studio, *, client: str = "203.0.113.5", **options: Any) -> None:
        app = Starlette(routes=[Mount("/studio", app=studio)])
        transport = httpx.ASGITransport(app, client=(client, 1))
        super().__init__(transport=transport, base_url=BASE_URL, follow_redirects=True, **options)

    async def submit(self, path: str, values: dict[str, Any], *, fill: bool = True) -> httpx.Response:
        """Open a form, change these fields, send it."""
        page = await self.get(path)
        assert page.status_code == 200, page.text
        fields = form_values(page.text) if fill else {"csrftoken": form_values(page.text)["csrftoken"]}
        fields |= values
        return await self.post(
            path, data={name: value for name, value in fields.items() if value is not None}
        )

    async def action(self, path: str, name: str, **parameters: Any) -> httpx.Response:
        """Run a batch or row action as the list page's script does."""
        data = parameters.pop("data", None)
        headers = {"X-CSRFToken": self.cookies["starlette_admin_csrftoken"]}
        return await self.post(path, params={"name": name, **parameters}, headers=headers, data=data)

    async def log_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        return await self.submit("/studio/login", {"username": name, "password": password})


def form_values(page: str) -> dict[str, str]:
    """What a browser would send of a page's form without anything touched."""
    values: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attributes = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        checkbox = attributes.get("type") == "checkbox"
        if (
            "name" in attributes
            and attributes["name"] != "q"
            and (not checkbox or re.search(r"\bchecked\b", tag))
        ):
            values[attributes["name"]] = "on" if checkbox else attributes.get("value", "")
    for name, text in re.findall(r'<textarea[^>]*\bname="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        values[name] = unescape(text).replace("\n", "\r\n")
    for tag, body in re.findall(r"<select\b([^>]*)>(.*?)</select>", page, re.DOTALL):
        name = re.search(r'\bname="([^"]+)"', tag)
        if name is None:
            continue
        initial = re.search(r'data-initial="([^"]*)"', tag)
        chosen = re.search(r'<option value="([^"]*)"\s+selected', body)
        if initial is not None:
            values[name[1]] = str(json.loads(unescape(initial[1]))[0])
        elif chosen is not None:
            values[name[1]] = unescape(chosen[1])
    return values
