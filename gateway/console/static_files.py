"""The few files that a page needs beside itself: the style sheet, the keys, and htmx from its package."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from starlette.responses import Response

from gateway.console.visit import Visit
from schemas.errors import NotFound

_FILES = {
    "console.css": ("gateway.console", "static/console.css", "text/css"),
    "keys.js": ("gateway.console", "static/keys.js", "text/javascript"),
    "htmx.js": ("js_lib_htmx", "static/htmx/htmx.min.js", "text/javascript"),
    "icon.svg": ("gateway.console", "static/icon.svg", "image/svg+xml"),
}


async def send_file(visit: Visit) -> Response:
    """One of the files. Its address carries the version, so that a browser may keep it."""
    name = visit.request.path_params["name"]
    if name not in _FILES:
        raise NotFound(visit.told("error.nothing_here"))
    content, media_type = _read(name)
    return Response(content, media_type=media_type, headers={"cache-control": "private, max-age=86400"})


@lru_cache(len(_FILES))
def _read(name: str) -> tuple[bytes, str]:
    package, path, media_type = _FILES[name]
    return files(package).joinpath(path).read_bytes(), media_type
