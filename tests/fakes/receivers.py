"""Receiving sides of ministries on a local port, each with one thing wrong that its builder overlooked."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import HTTPServer
from pathlib import Path
from typing import Any

from sp4n_gateway_client import Answer, Case, Receiver, SqliteStore, Taken, read_case
from sp4n_gateway_client.errors import Unfit, Unreadable
from sp4n_gateway_client.example import Handler, Server

SECRET = "whsec_" + "c2VydGlmaWthc2ktcmFoYXNpYS11amktMzJieXRlIQ=="
Take = Callable[[Mapping[str, str], bytes], Answer]


@dataclass
class Receiving:
    """What the server of the example hands its requests to."""

    take: Take


class OneAtATime(HTTPServer):
    """Serves a connection to its end before it looks at the next."""

    receiver: Receiving


def faulty(fault: str, store: SqliteStore) -> Take:
    """The receiver of the client library with one fault."""
    right = Receiver([SECRET], store, trial=True)
    return FAULTS[fault](right, store) if fault in FAULTS else right.take


@contextmanager
def serving(fault: str) -> Iterator[str]:
    """A receiver on a free port; its address. `one_at_a_time` is a fault of the server itself."""
    store = SqliteStore(Path(":memory:"))
    receiving: Any = Receiving(faulty(fault, store))
    if fault == "one_at_a_time":
        server: HTTPServer = OneAtATime(("127.0.0.1", 0), QuietHandler)
        server.receiver = receiving  # type: ignore[attr-defined]
    else:
        server = Server(("127.0.0.1", 0), receiving)
        server.RequestHandlerClass = QuietHandler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/cases"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        store.close()


class QuietHandler(Handler):
    """The example's, without its lines on stderr."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


# ------------------------------------------------------------------------------------------------------------- faults


def _unverified(right: Receiver, store: SqliteStore) -> Take:
    """Believes everybody."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        return _kept(store, _key(headers), body)

    return take


def _timeless(right: Receiver, store: SqliteStore) -> Take:
    """Checks the signature, but not when it was made."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        stamp = _named(headers).get("webhook-timestamp", "0")
        return replace(right, now=lambda: float(stamp)).take(headers, body)

    return take


def _rewriting(right: Receiver, store: SqliteStore) -> Take:
    """Checks the signature over the JSON as it would write it."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            body = json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode()
        except (ValueError, RecursionError):
            return Answer(400, b"")
        return right.take(headers, body)

    return take


def _one_signature(right: Receiver, store: SqliteStore) -> Take:
    """Compares the whole header with one signature."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        given = _named(headers)
        if " " in given.get("webhook-signature", ""):
            return Answer(401, b"")
        return right.take(headers, body)

    return take


def _forgetful(right: Receiver, store: SqliteStore) -> Take:
    """Makes a case of every request."""
    count = iter(range(1, 10_000))

    class Store:
        def take(self, key: str, digest: str, case: Case, body: bytes) -> Taken:
            return Taken(f"K-{next(count)}", datetime.now(UTC), digest, new=True)

    return Receiver([SECRET], Store()).take


def _racing(right: Receiver, store: SqliteStore) -> Take:
    """Looks for the key, then keeps the case; between the two it waits for another to come, until one came."""
    known: dict[str, Taken] = {}
    met = threading.Barrier(2)
    over = threading.Event()

    class Store:
        def take(self, key: str, digest: str, case: Case, body: bytes) -> Taken:
            if key in known:
                return replace(known[key], new=False)
            if not over.is_set():
                _meet(met, over)
            known[key] = Taken(f"K-{key}-{threading.get_ident()}", datetime.now(UTC), digest, new=True)
            return known[key]

    return Receiver([SECRET], Store()).take


def _meet(barrier: threading.Barrier, over: threading.Event) -> None:
    try:
        barrier.wait(0.25)
        over.set()
    except threading.BrokenBarrierError:
        barrier.reset()


def _strict(right: Receiver, store: SqliteStore) -> Take:
    """Refuses fields that it does not know."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        return Answer(422, b"") if b"uji_field_baru" in body else right.take(headers, body)

    return take


def _breaking(right: Receiver, store: SqliteStore) -> Take:
    """Breaks down on what it cannot read."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        answer = right.take(headers, body)
        return Answer(500, b"<h1>Internal Server Error</h1>") if answer.status == 422 and not _is_case(body) else answer

    return take


def _narrow(right: Receiver, store: SqliteStore) -> Take:
    """Takes no body over 64 KiB."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        return Answer(413, b"") if len(body) > 65_536 else right.take(headers, body)

    return take


def _redirecting(right: Receiver, store: SqliteStore) -> Take:
    """Sends everybody to another address."""
    return lambda headers, body: Answer(307, b"", {"location": "/cases/"})


def _unreferenced(right: Receiver, store: SqliteStore) -> Take:
    """Takes cases and gives no number."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        answer = right.take(headers, body)
        return Answer(200, b'{"status": "ok"}') if answer.status < 300 else answer

    return take


def _one_number(right: Receiver, store: SqliteStore) -> Take:
    """Gives the same number to every case."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        answer = right.take(headers, body)
        return Answer(answer.status, b'{"receipt": {"reference": "SATU"}}') if answer.status < 300 else answer

    return take


def _overwriting(right: Receiver, store: SqliteStore) -> Take:
    """Takes another body under a key that came before for another case."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        answer = right.take(headers, body)
        if b"another body" in answer.body:
            key = hashlib.sha256(body).hexdigest()
            return _kept(store, key, body)
        return answer

    return take


def _ascii(right: Receiver, store: SqliteStore) -> Take:
    """Its columns hold only the basic plane of Unicode."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        return Answer(500, b"") if b"\xf0" in body else right.take(headers, body)

    return take


def _new_only(right: Receiver, store: SqliteStore) -> Take:
    """Knows only new cases."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        later = b'"case.added"' in body or b'"case.withdrawn"' in body
        return Answer(422, b"") if later else right.take(headers, body)

    return take


def _impatient(right: Receiver, store: SqliteStore) -> Take:
    """Is too busy, and does not say for how long."""

    def take(headers: Mapping[str, str], body: bytes) -> Answer:
        return Answer(429, b"") if _named(headers).get("sp4n-certify") == "429" else right.take(headers, body)

    return take


FAULTS: Mapping[str, Callable[[Receiver, SqliteStore], Take]] = {
    "impatient": _impatient,
    "unverified": _unverified,
    "timeless": _timeless,
    "rewriting": _rewriting,
    "one_signature": _one_signature,
    "forgetful": _forgetful,
    "racing": _racing,
    "strict": _strict,
    "breaking": _breaking,
    "narrow": _narrow,
    "redirecting": _redirecting,
    "unreferenced": _unreferenced,
    "one_number": _one_number,
    "overwriting": _overwriting,
    "basic_plane": _ascii,
    "new_only": _new_only,
}


def _kept(store: SqliteStore, key: str, body: bytes) -> Answer:
    if not _is_case(body):
        return Answer(422, b"")
    try:
        taken = store.take(key, hashlib.sha256(body).hexdigest(), read_case(body), body)
    except Unfit:
        return Answer(422, b"")
    if taken.digest != hashlib.sha256(body).hexdigest():
        return Answer(422, b"")
    return Answer(201, json.dumps({"receipt": {"reference": taken.reference}}).encode())


def _is_case(body: bytes) -> bool:
    try:
        read_case(body)
    except Unreadable:
        return False
    return True


def _key(headers: Mapping[str, str]) -> str:
    return _named(headers)["idempotency-key"]


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
