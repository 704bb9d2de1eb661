"""Calls to the gateway: what became of a case is told, and an inbox is emptied.

Every call may be made again after `Unavailable`: the gateway knows an update by its id and a case by its handoff.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from sp4n_gateway_client.cases import Case, case_of
from sp4n_gateway_client.errors import Refused, Unavailable, Unreadable
from sp4n_gateway_client.fields import Fields
from sp4n_gateway_client.signing import signed_headers

_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_USUAL_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that a ministry says about a case: at least one of `status`, `text` and `not_ours`.

    `question`: `text` asks the reporter, and the clock waits. `sequence` is the ministry's own order: an update with a
    smaller number moves nothing back.
    """

    status: str | None = None
    text: str = ""
    at: datetime | None = None
    sequence: int | None = None
    reference: str | None = None
    question: bool = False
    not_ours: bool = False

    def body(self) -> bytes:
        """The JSON that is posted."""
        at = self.at.isoformat() if self.at else None
        fields = {"status": self.status, "text": self.text, "at": at, "sequence": self.sequence}
        flags = {"reference": self.reference, "question": self.question, "not_ours": self.not_ours}
        return json.dumps({**fields, **flags}, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class StatusReceipt:
    """The gateway kept an update. `duplicate`: it had kept it before."""

    event_id: str
    tracking_code: str
    duplicate: bool


@dataclass(frozen=True, slots=True)
class LentCase:
    """A case of an inbox, lent until `lease_until`. `handoff` is its idempotency key: it comes again with the same."""

    handoff: str
    attempt: int
    lease_until: datetime
    case: Case
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway at `address`, such as https://gateway.example.go.id.

    `callback_secret` signs updates; `inbox` is the destination's name and `inbox_key` its key, for a ministry that
    fetches. `timeout` is in seconds; `trust` is for a gateway whose certificate is of an authority of its own.
    """

    address: str
    callback_secret: str = ""
    inbox: str = ""
    inbox_key: str = ""
    timeout: float = 30.0
    trust: ssl.SSLContext | None = None
    now: Callable[[], float] = field(default=time.time)

    def send_update(self, case: str, event_id: str, body: bytes) -> StatusReceipt:
        """Tell what became of a case. `case` is its tracking code, its id, or the ministry's own reference.

        `event_id` is the ministry's id of this update; `body` is `Update.body()`, the same bytes whenever it is sent
        again. Raises Refused or Unavailable.
        """
        headers = signed_headers(self.callback_secret, event_id, body, self.now())
        said = self._call("POST", f"/v1/cases/{quote(case, safe='')}/status", headers, body)
        return StatusReceipt(said.text("event_id"), said.text("tracking_code"), said.flag("duplicate"))

    def send_collected(self, handoff: str, event_id: str, body: bytes) -> StatusReceipt:
        """The same for a case of an inbox, by the inbox's key alone. Raises Refused or Unavailable."""
        headers = {**self._bearer(), "idempotency-key": event_id}
        said = self._call("POST", f"{self._inbox()}/{handoff}/status", headers, body)
        return StatusReceipt(said.text("event_id"), said.text("tracking_code"), said.flag("duplicate"))

    def fetch(self, wait: float = 30.0, limit: int = 20) -> list[LentCase]:
        """Cases that wait, at once or as soon as one comes within `wait` seconds (60 at most); else none.

        Raises Refused or Unavailable.
        """
        said = self._call("GET", f"{self._inbox()}?wait={wait:g}&limit={limit}", self._bearer(), b"", wait)
        return [_lent(one) for one in said.each("messages")]

    def acknowledge(self, handoff: str, reference: str | None = None) -> None:
        """The case is kept, under the ministry's own number. It may be said again. Raises Refused or Unavailable."""
        self._say(f"{handoff}/ack", {"reference": reference} if reference else {})

    def give_back(self, handoff: str, retry_after: float | None = None) -> None:
        """The case cannot be taken now; it comes again. Raises Refused or Unavailable."""
        self._say(f"{handoff}/nack", {"reason": "retry", "retry_after": retry_after})

    def refuse(self, handoff: str) -> None:
        """The case will never be taken; people at the gateway look at it. Raises Refused or Unavailable."""
        self._say(f"{handoff}/nack", {"reason": "refuse"})

    def disclaim(self, handoff: str) -> None:
        """The case is another agency's matter; it goes on to the next one. Raises Refused or Unavailable."""
        self._say(f"{handoff}/nack", {"reason": "not_ours"})

    def count(self) -> tuple[int, int]:
        """How many cases wait in the inbox, and how many are lent. Raises Refused or Unavailable."""
        said = self._call("GET", f"{self._inbox()}/count", self._bearer(), b"")
        return said.whole("waiting") or 0, said.whole("leased") or 0

    def _inbox(self) -> str:
        return f"/v1/inbox/{quote(self.inbox, safe='')}"

    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.inbox_key}"}

    def _say(self, path: str, said: Mapping[str, Any]) -> None:
        self._call("POST", f"{self._inbox()}/{path}", self._bearer(), json.dumps(said).encode())

    def _call(self, method: str, path: str, headers: Mapping[str, str], body: bytes, patience: float = 0.0) -> Fields:
        parts = urlsplit(self.address)
        waits = self.timeout + patience
        connection: HTTPConnection = (
            HTTPSConnection(parts.netloc, timeout=waits, context=self.trust)
            if parts.scheme == "https"
            else HTTPConnection(parts.netloc, timeout=waits)
        )
        try:
            connection.request(
                method, parts.path.rstrip("/") + path, body or None, {**headers, "content-type": "application/json"}
            )
            reply = connection.getresponse()
            return _said(reply.status, reply.read(), reply.headers.get("retry-after"))
        except (OSError, HTTPException) as error:
            raise Unavailable(f"the gateway cannot be reached ({type(error).__name__})") from error
        finally:
            connection.close()


def _said(status: int, body: bytes, retry_after: str | None) -> Fields:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = {}
    told = value if isinstance(value, dict) else {}
    if status == 200 and told:
        return Fields(told)
    detail = f"{told.get('detail') or 'no detail'} {told.get('errors') or ''}".strip()
    if status in _LATER:
        is_number = retry_after is not None and retry_after.isascii() and retry_after.isdigit()
        raise Unavailable(f"{status}: {detail}", float(retry_after or 0) if is_number else _USUAL_WAIT)
    raise Refused(status, detail)


def _lent(given: Fields) -> LentCase:
    raw = given.whole_object("case")
    attempt = given.whole("attempt")
    if attempt is None:
        raise Unreadable("attempt: must be a whole number")
    return LentCase(given.text("handoff"), attempt, given.time("lease_until"), case_of(raw), raw)
