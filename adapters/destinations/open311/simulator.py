"""Plays a small Open311 server: services, requests, tokens and FixMyStreet's updates, in JSON and in XML."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl

from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest
from schemas.base import Json

API_KEY = "kunci-uji"
SERVICES: list[dict[str, Json]] = [
    {"service_code": "JALAN", "service_name": "Jalan dan jembatan", "group": "Infrastruktur", "metadata": True},
    {"service_code": "LAIN", "service_name": "Lain-lain", "group": "Umum", "metadata": False},
]
REQUIRED_ATTRIBUTES = {"JALAN": "KODE_LAPOR"}
DESCRIPTION_LIMIT = 4000
SAY = "/_simulator/say"
"""Posted here, the city says something of a request: `service_request_id`, `status`, `status_notes`,
`updated_datetime`; with a `description` it stands among the updates."""

Rows = list[dict[str, Json]]
Names = tuple[str, str]
_NAMES: dict[str, Names] = {
    "services": ("services", "service"),
    "requests": ("service_requests", "request"),
    "updates": ("service_request_updates", "request_update"),
    "errors": ("errors", "error"),
}


class Wrong(Exception):
    """What the caller did wrong: GeoReport's code and text."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.rows: Rows = [{"code": code, "description": description}]
        self.status = code if code in (403, 404) else 400


@dataclass(slots=True)
class SimulatedOpen311:
    """The application below the simulator's server.

    `answers`: with a request's id or a token. `pending`: how many questions about a token are answered without an id.
    `dedupes`: a key that came before is answered as the first time. `updates`: it has FixMyStreet's extension.
    """

    answers: Literal["id", "token"] = "id"
    dedupes: bool = False
    updates: bool = True
    pending: int = 0
    _asked: dict[str, int] = field(default_factory=dict)

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """Answer whatever GeoReport v2 knows, in the format that the path ends in."""
        if request.path == SAY:
            book.append({"kind": "said", **json.loads(request.body)})
            return SimulatedAnswer(204)
        path, _, format_ = request.path.strip("/").rpartition(".")
        if format_ not in ("json", "xml"):
            return _written("errors", [{"code": 404, "description": "format tidak dikenal"}], 404, "json")
        try:
            kind, rows, status = self._answer(request, path, book)
        except Wrong as wrong:
            kind, rows, status = "errors", wrong.rows, wrong.status
        return _written(kind, rows, status, format_)

    def _answer(self, request: SimulatedRequest, path: str, book: Book) -> tuple[str, Rows, int]:
        head, _, identity = path.partition("/")
        routes: dict[tuple[str, str, bool], Callable[[], tuple[str, Rows, int]]] = {
            ("GET", "services", False): lambda: ("services", SERVICES, 200),
            ("POST", "requests", False): lambda: ("requests", [self._create(request, book)], 201),
            ("GET", "requests", False): lambda: ("requests", [_shown(one, book) for one in book.of("request")], 200),
            ("GET", "requests", True): lambda: ("requests", [_shown(_found(book, identity), book)], 200),
            ("GET", "tokens", True): lambda: ("requests", [self._token(book, identity)], 200),
        }
        if self.updates:
            routes["POST", "servicerequestupdates", False] = lambda: ("updates", [self._update(request, book)], 200)
            routes["GET", "servicerequestupdates", False] = lambda: ("updates", _updates(request, book), 200)
        route = routes.get((request.method, head, bool(identity)))
        if route is None:
            raise Wrong(404, "alamat tidak dikenal")
        return route()

    def _create(self, request: SimulatedRequest, book: Book) -> dict[str, Json]:
        fields, before = self._fields(request), self._before(request, book)
        if before is not None:
            return self._receipt(before)
        service = fields.get("service_code", "")
        if service not in {one["service_code"] for one in SERVICES}:
            raise Wrong(400, "service_code tidak dikenal")
        attribute = REQUIRED_ATTRIBUTES.get(service)
        if attribute and not fields.get(f"attribute[{attribute}]"):
            raise Wrong(400, f"attribute[{attribute}] harus ada")
        if not ((fields.get("lat") and fields.get("long")) or fields.get("address_string")):
            raise Wrong(400, "lat dan long, atau address_string, harus ada")
        if len(fields.get("description", "")) > DESCRIPTION_LIMIT:
            raise Wrong(400, "description terlalu panjang")
        number = f"OPEN-{len(book.of('request')) + 1}"
        entry = self._kept("request", number, fields, request)
        book.append(entry)
        return self._receipt(entry)

    def _update(self, request: SimulatedRequest, book: Book) -> dict[str, Json]:
        fields, before = self._fields(request), self._before(request, book)
        if before is not None:
            return {"update_id": before["id"]}
        _found(book, fields.get("service_request_id", ""))
        missing = [name for name in ("update_id", "updated_datetime", "status", "description") if not fields.get(name)]
        if missing:
            raise Wrong(400, f"{missing[0]} harus ada")
        entry = self._kept("update", str(len(book.of("update")) + 1), fields, request)
        book.append(entry)
        return {"update_id": entry["id"]}

    def _token(self, book: Book, token: str) -> dict[str, Json]:
        entry = _found(book, token.removeprefix("tok-"))
        self._asked[token] = self._asked.get(token, 0) + 1
        known = self._asked[token] > self.pending
        return {"service_request_id": entry["id"] if known else "", "token": token}

    def _receipt(self, entry: dict[str, Json]) -> dict[str, Json]:
        identity = entry["id"]
        return {"token": f"tok-{identity}"} if self.answers == "token" else {"service_request_id": identity}

    def _fields(self, request: SimulatedRequest) -> dict[str, str]:
        if request.headers.get("content-type") != "application/x-www-form-urlencoded":
            raise Wrong(400, "isi bukan formulir")
        fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        if fields.pop("api_key", None) != API_KEY:
            raise Wrong(403, "api_key tidak dikenal")
        return fields

    def _before(self, request: SimulatedRequest, book: Book) -> dict[str, Json] | None:
        key = request.headers.get("idempotency-key")
        known = (entry for entry in book.entries if self.dedupes and key and entry["key"] == key)
        return next(known, None)

    def _kept(self, kind: str, identity: str, fields: dict[str, str], request: SimulatedRequest) -> dict[str, Json]:
        return {"kind": kind, "id": identity, "key": request.headers.get("idempotency-key"), "fields": fields}


def simulated(
    *,
    answers: Literal["id", "token"] = "id",
    dedupes: bool = False,
    updates: bool = True,
    pending: int = 0,
) -> SimulatedOpen311:
    """A server with its services at the root of its address."""
    return SimulatedOpen311(answers, dedupes, updates, pending)


def _found(book: Book, identity: str) -> dict[str, Json]:
    entry = next((one for one in book.of("request") if one["id"] == identity), None)
    if entry is None:
        raise Wrong(404, "permintaan tidak dikenal")
    return entry


def _shown(entry: dict[str, Json], book: Book) -> dict[str, Json]:
    names = ("service_code", "description", "lat", "long")
    shown = {name: entry["fields"].get(name, "") for name in names}
    said = [one for one in book.of("said") if one["service_request_id"] == entry["id"]]
    latest = said[-1] if said else {}
    told = {"status": latest.get("status", "open"), "status_notes": latest.get("status_notes", "")}
    return {"service_request_id": entry["id"], **told, "updated_datetime": latest.get("updated_datetime", ""), **shown}


def _updates(request: SimulatedRequest, book: Book) -> Rows:
    """What the city said, and what others told it."""
    wanted = request.query.get("service_request_id")
    said = [
        one | {"update_id": f"u{place}"} for place, one in enumerate(book.of("said"), start=1) if "description" in one
    ]
    told = [{**one["fields"], "update_id": one["id"]} for one in book.of("update")]
    return [
        {name: value for name, value in one.items() if name not in ("kind", "api_key")}
        for one in [*told, *said]
        if wanted in (None, one["service_request_id"])
    ]


def _written(kind: str, rows: Rows, status: int, format_: str) -> SimulatedAnswer:
    if format_ == "json":
        return SimulatedAnswer(status, {"content-type": "application/json"}, json.dumps(rows).encode())
    outer, inner = _NAMES[kind]
    written = "".join(
        f"<{inner}>{''.join(f'<{name}>{html.escape(str(value))}</{name}>' for name, value in row.items())}</{inner}>"
        for row in rows
    )
    body = f'<?xml version="1.0" encoding="utf-8"?><{outer}>{written}</{outer}>'
    return SimulatedAnswer(status, {"content-type": "application/xml"}, body.encode())
