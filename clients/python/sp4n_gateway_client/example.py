"""A ministry's receiving side that runs as it stands: takes cases, keeps them in one file, says what becomes of them.

    python -m sp4n_gateway_client.example serve --port 9200
    python -m sp4n_gateway_client.example say 3PKR-RFPG-C6E6 "Dalam Proses" --text "Tim kami ke lokasi."

Secrets come from the environment: KASUS_SIGNING_SECRET checks what the gateway sends; with KASUS_CALLBACK_SECRET and
--gateway each case is answered with a first status; with KASUS_INBOX_KEY, --gateway and --inbox cases are fetched too.
It needs nothing but Python. Behind it stands what the ministry has: replace `SqliteStore` by a store of your own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import ssl
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sp4n_gateway_client.cases import CREATED, WITHDRAWN, Case
from sp4n_gateway_client.errors import ClientError, Unavailable, Unfit
from sp4n_gateway_client.gateway import Gateway, Update
from sp4n_gateway_client.receiving import Answer, Receiver, Taken, problem
from sp4n_gateway_client.store import SqliteStore

PATH = "/cases"
LONGEST = 64 * 1024 * 1024
PATIENCE = 60.0
"""Seconds without a byte after which a sender is given up."""


class Ministry:
    """The ministry's own doing around the store: what it says of a case as soon as it has it."""

    def __init__(self, store: SqliteStore, *, answers: bool, wake: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._answers = answers
        self._wake = wake

    def take(self, key: str, digest: str, case: Case, body: bytes) -> Taken:
        """Keep a case, and owe the gateway a first status for it. Raises Unfit."""
        taken = self._store.take(key, digest, case, body)
        if taken.new and self._answers:
            self._say(case)
        return taken

    def _say(self, case: Case) -> None:
        if case.type == CREATED:
            self._store.say(case.tracking_code, Update(status="Terverifikasi", text="Laporan Anda kami terima."))
        elif case.type == WITHDRAWN:
            self._store.say(case.tracking_code, Update(status="Ditutup oleh Pelapor"))
        self._wake()


class Server(ThreadingHTTPServer):
    """Takes POSTs, each in a thread of its own: one slow sender keeps no other waiting."""

    daemon_threads = True

    def __init__(self, place: tuple[str, int], receiver: Receiver) -> None:
        self.receiver = receiver
        super().__init__(place, Handler)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    wbufsize = -1
    """An answer leaves in one piece: in two it would wait for the peer's acknowledgement between them."""
    server: Server

    def do_POST(self) -> None:
        """A case."""
        length = self.headers.get("content-length", "")
        if not length.isdigit():
            return self._send(problem(411, "say how long the body is"), close=True)
        if int(length) > LONGEST:
            return self._send(problem(413, f"at most {LONGEST} bytes"), close=True)
        try:
            body = self.rfile.read(int(length))
        except OSError:
            body = b""
        if len(body) < int(length):
            return self._send(problem(408, "the body did not come whole"), close=True)
        if self.path.partition("?")[0] != PATH:
            return self._send(problem(404, "cases are posted to " + PATH))
        try:
            answer = self.server.receiver.take(dict(self.headers), body)
        except Exception:  # noqa: BLE001 - the edge: whatever it was, the gateway is to send it again
            self.log_error("the case could not be kept")
            answer = problem(503, "the case could not be kept; send it again")
        return self._send(answer)

    def do_GET(self) -> None:
        """Nothing is shown here."""
        self._send(problem(405, "cases are posted here"))

    def _send(self, answer: Answer, *, close: bool = False) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        if answer.status == 503 and "retry-after" not in answer.headers:
            self.send_header("retry-after", "30")
        if close:
            self.close_connection = True
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)


def send_owed(store: SqliteStore, gateway: Gateway) -> float | None:
    """Send what the gateway has not kept yet, in order. Returns in how many seconds to try again; None: all is sent."""
    for one in store.owed():
        try:
            gateway.send_update(one.tracking_code, one.event_id, one.body)
        except Unavailable as error:
            return error.retry_after
        except ClientError as error:
            store.settle(one.event_id, error.detail)
            continue
        store.settle(one.event_id)
    return None


def fetch_once(ministry: Ministry, gateway: Gateway, wait: float) -> int:
    """Fetch from the inbox, keep each case, then say so. Returns how many were fetched. Raises Refused, Unavailable."""
    lent = gateway.fetch(wait)
    for one in lent:
        body = json.dumps(one.raw, ensure_ascii=False, sort_keys=True).encode()
        try:
            taken = ministry.take(one.handoff, hashlib.sha256(body).hexdigest(), one.case, body)
        except Unfit:
            gateway.refuse(one.handoff)
            continue
        gateway.acknowledge(one.handoff, taken.reference)
    return len(lent)


class Errands:
    """What runs beside the server, in threads that end when they are told to."""

    def __init__(self, store: SqliteStore, gateway: Gateway, every: float) -> None:
        self._store, self._gateway, self._every = store, gateway, every
        self._woken, self._over = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    def wake(self) -> None:
        """There is something to send."""
        self._woken.set()

    def start(self, ministry: Ministry) -> None:
        """Send updates where there is a secret for them, fetch where there is a key."""
        if self._gateway.callback_secret:
            self._threads.append(threading.Thread(target=self._send, daemon=True))
        if self._gateway.inbox_key:
            self._threads.append(threading.Thread(target=self._fetch, args=(ministry,), daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End."""
        self._over.set()
        self._woken.set()

    def _send(self) -> None:
        while not self._over.is_set():
            wait = send_owed(self._store, self._gateway)
            self._woken.wait(self._every if wait is None else min(wait, self._every))
            self._woken.clear()

    def _fetch(self, ministry: Ministry) -> None:
        while not self._over.is_set():
            try:
                fetch_once(ministry, self._gateway, wait=20.0)
            except ClientError as error:
                sys.stderr.write(f"{error.detail}\n")
                self._over.wait(error.retry_after if isinstance(error, Unavailable) else self._every)


def gateway_of(given: argparse.Namespace) -> Gateway:
    """The gateway as the command line and the environment name it."""
    secrets = {name: os.environ.get(f"KASUS_{name}", "") for name in ("CALLBACK_SECRET", "INBOX_KEY")}
    return Gateway(given.gateway, secrets["CALLBACK_SECRET"], given.inbox, secrets["INBOX_KEY"])


def serve(given: argparse.Namespace) -> None:
    """Run until SIGTERM or Ctrl-C."""
    secrets = os.environ.get("KASUS_SIGNING_SECRET", "").split()
    gateway, store = gateway_of(given), SqliteStore(given.store)
    errands = Errands(store, gateway, every=given.every)
    ministry = Ministry(store, answers=bool(gateway.address and gateway.callback_secret), wake=errands.wake)
    server = Server((given.host, given.port), Receiver(secrets, ministry, trial=given.trial))
    scheme = "http"
    if given.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(given.certificate, given.key)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https"
    if gateway.address:
        errands.start(ministry)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    sys.stdout.write(f"{scheme}://{given.host}:{server.server_port}{PATH}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        errands.stop()
        server.server_close()
        store.close()


def say(given: argparse.Namespace) -> None:
    """Write an update into the store; whoever serves sends it."""
    update = Update(given.status or None, given.text, question=given.question, not_ours=given.not_ours)
    sys.stdout.write(f"{SqliteStore(given.store).say(given.case, update).event_id}\n")


def show(given: argparse.Namespace) -> None:
    """Print what was taken, a line for each."""
    sys.stdout.write("".join("\t".join(one) + "\n" for one in SqliteStore(given.store).kept()))


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="sp4n_gateway_client.example")
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("serve", help="take cases")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=9200)
    run.add_argument("--store", type=Path, default=Path("kasus.sqlite"))
    run.add_argument("--gateway", default="", help="the gateway's address")
    run.add_argument("--inbox", default="", help="the destination's name at the gateway, to fetch from its inbox")
    run.add_argument("--every", type=float, default=30.0, help="seconds between two looks for updates to send")
    run.add_argument("--trial", action="store_true", help="play 410, 429 and 503 where a certification asks for it")
    run.add_argument("--certificate", help="a certificate in PEM, for HTTPS")
    run.add_argument("--key", help="its key in PEM")
    run.set_defaults(work=serve)
    seen = commands.add_parser("list", help="print reference, tracking code and type of every case")
    seen.add_argument("--store", type=Path, default=Path("kasus.sqlite"))
    seen.set_defaults(work=show)
    tell = commands.add_parser("say", help="say what became of a case")
    tell.add_argument("case", help="its tracking code")
    tell.add_argument("status", nargs="?", default="")
    tell.add_argument("--text", default="")
    tell.add_argument("--question", action="store_true")
    tell.add_argument("--not-ours", action="store_true")
    tell.add_argument("--store", type=Path, default=Path("kasus.sqlite"))
    tell.set_defaults(work=say)
    return parser


def main() -> None:
    """Do what the command line says."""
    given = arguments().parse_args()
    try:
        given.work(given)
    except (ClientError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
