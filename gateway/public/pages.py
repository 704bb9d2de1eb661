"""Making pages: templates, the headers that keep them safe, and what is said when something is wrong."""

from __future__ import annotations

import base64
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta, timezone
from functools import cache, wraps
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import Response

from schemas.errors import BadInput, Busy, Denied, GatewayError, NotFound, TooLarge

Handler = Callable[..., Coroutine[Any, Any, Response]]

ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}
"""Indonesia's zones, hours east of Greenwich."""

_MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)
_TOLD: tuple[tuple[type[GatewayError], int, str, str], ...] = (
    (TooLarge, 413, "Kiriman terlalu besar", "Kirim berkas yang lebih kecil. / Send smaller files."),
    (BadInput, 400, "Kiriman tidak terbaca", "Buka kembali formulirnya, lalu kirim lagi. / Open the form again."),
    (Denied, 403, "Tidak diizinkan", "Buka kembali formulirnya di situs ini. / Open the form again on this site."),
    (NotFound, 404, "Halaman tidak ada", "Periksa alamatnya. / There is nothing at this address."),
    (
        Busy,
        503,
        "Belum dapat disimpan",
        "Coba lagi sebentar lagi; tidak ada yang tersimpan. / Nothing was kept; try again soon.",
    ),
    (
        GatewayError,
        500,
        "Terjadi gangguan",
        "Coba lagi nanti; tidak ada yang tersimpan. / Nothing was kept; try again later.",
    ),
)

_AT_THE_DESK = "Masuk dahulu dengan kunci loket. / Sign in with the desk's key."


@cache
def style() -> str:
    """The style sheet, which stands inside every page: one request is all that a bad line must carry."""
    lines = files("gateway.public").joinpath("static", "gaya.css").read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines)


@cache
def _policy() -> str:
    """Nothing is loaded, nothing runs, nobody frames the page; the style is named by its hash."""
    digest = base64.b64encode(sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("gateway.public", "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["waktu"] = told_time
    made.globals["gaya"] = style()
    return made


def page(name: str, status: int = 200, **values: Any) -> Response:
    """A page from its template."""
    text = _templates().get_template(name).render(**values)
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": _policy(),
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
    }
    return Response(text.encode(), status, headers)


def told_time(time: datetime, zone: str = "WIB") -> str:
    """A time as people write it: `25 November 2026 pukul 21.52 WIB`."""
    local = time.astimezone(timezone(timedelta(hours=ZONES[zone])))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {zone}"


def shown(handler: Handler) -> Handler:
    """The handler with its errors told on a page, with what to do next."""

    @wraps(handler)
    async def tell(request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            return await handler(request, *args, **kwargs)
        except GatewayError as error:
            _, status, title, text = next(row for row in _TOLD if isinstance(error, row[0]))
            at_desk = request.url.path.startswith("/loket")
            if isinstance(error, Denied) and at_desk:
                text = _AT_THE_DESK
            return page("pesan.html", status, title=title, text=text, back=_back(request, error, at_desk=at_desk))

    return tell


def _back(request: Request, error: GatewayError, *, at_desk: bool) -> str:
    """Where it goes on from there: not back to an address that would say the same once more."""
    if isinstance(error, Denied) and at_desk:
        return "/loket/masuk"
    if isinstance(error, NotFound):
        return "/loket" if at_desk else "/lacak"
    return request.url.path


def came_from_elsewhere(request: Request) -> bool:
    """Whether another site's page made the browser post this."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
