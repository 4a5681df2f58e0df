"""Pages that belong to no table, and the templates of all."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from jinja2 import BaseLoader, Environment, PackageLoader, PrefixLoader
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates
from starlette_admin.routing import route
from starlette_admin.views import CustomView

from ecoctrl_gql.db.studio_rows import COUNTED_ROWS, row_counts
from ecoctrl_gql.studio.access import may_open
from ecoctrl_gql.studio.views import TableView

TEMPLATES = Path(__file__).parent / "templates"


class Overview(CustomView):
    """The first page: the tables by group, what they hold and how many rows."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[TableView]]]) -> None:
        super().__init__(menu_label="Overview", path="/", route_name="index", add_to_menu=False)
        self._groups = groups

    @route("")
    async def index(self, request: Request) -> Response:
        groups = [(label, _accessible(request, views)) for label, views in self._groups]
        tables = [view.table for _, views in groups for view in views]
        counts = await row_counts(request.state.session, tables)
        templates = cast(Jinja2Templates, self.templates)  # the admin sets it along with the route
        return templates.TemplateResponse(
            request,
            "studio/overview.html",
            {"groups": groups, "counts": {name: _shown(count) for name, count in counts.items()}},
        )


def _accessible(request: Request, views: Sequence[TableView]) -> list[TableView]:
    return [view for view in views if may_open(request, view.table)]


def _shown(count: int) -> str:
    return f"{count:,}" if count <= COUNTED_ROWS else f"more than {COUNTED_ROWS:,}"


class NonceLoader(BaseLoader):
    """The library's templates with a nonce in each script, which the content security policy asks for."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, filename, uptodate = self._loader.get_source(environment, template)
        return (
            re.sub(r"<script\b", '<script nonce="{{ request.state.csp_nonce }}"', source),
            filename,
            uptodate,
        )


def template_loaders() -> list[BaseLoader]:
    """Ours come first (`TEMPLATES`), then the library's, which ours extend as ``@library/…``."""
    library = NonceLoader(PackageLoader("starlette_admin", "templates"))
    return [library, PrefixLoader({"@library": library})]
