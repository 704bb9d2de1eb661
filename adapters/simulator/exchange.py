"""What passes between a simulator's server and the application that plays one destination."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from adapters.simulator.book import Book
from schemas.base import Json


@dataclass(frozen=True, slots=True)
class SimulatedRequest:
    """A whole request. Header names are lower case, the path is decoded, without its query; `number` counts from 1.

    `client` is the common name of the certificate that the peer proved itself with, if it did.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    number: int = 0
    client: str | None = None


@dataclass(frozen=True, slots=True)
class SimulatedAnswer:
    """What the server answers. The length is added by the server."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @staticmethod
    def of_json(value: Json, status: int = 200) -> SimulatedAnswer:
        """An answer in JSON."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return SimulatedAnswer(status, {"content-type": "application/json"}, body)


class SimulatedApp(Protocol):
    """Plays one destination."""

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """Decide on a whole request, write into the book what is taken, and answer.

        Paths below `/_simulator/` that the server does not own come here too, never disturbed by a fault and never
        counted: an application may offer its own switches there.
        """


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request that the server saw. `taken`: it reached the application. `fault` names what was done to it, if any."""

    number: int
    method: str
    path: str
    taken: bool
    fault: str | None = None
