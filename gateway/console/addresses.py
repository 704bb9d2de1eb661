"""Addresses of the console: what answers at each, who may ask, and which page an address leads to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from re import Pattern
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from gateway.console.desk import BASE
from gateway.console.visit import Visit
from gateway.roles import Permission

Handler = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """One address of the console. `permission` None: anybody may see it, signed in or not.

    `is_page` False: it gives a file, a stream or a way on, nothing on which a form could come back.
    """

    method: str
    path: str
    handler: Handler
    permission: Permission | None
    is_page: bool = True

    @cached_property
    def pattern(self) -> Pattern[str]:
        """What its path looks like, with a group for each part that varies."""
        return compile_path(self.path)[0]


def page_at(pages: Sequence[Page], request: Request, address: str) -> tuple[Page, Request] | None:
    """The page that a browser would get at an address with this request's cookies; None where there is none."""
    path, _, query = address.partition("?")
    path = unquote(path)
    if not path.startswith(BASE):
        return None
    for page in pages:
        found = page.pattern.match(path.removeprefix(BASE)) if page.method == "GET" and page.is_page else None
        if found is not None:
            asked = {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode()}
            return page, Request({**request.scope, **asked, "path_params": found.groupdict()})
    return None
