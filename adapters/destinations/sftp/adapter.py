"""Drops a case as a signed file on a ministry's SFTP server, and waits for the file that acknowledges it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Reply, Step, Term
from adapters.destinations.sftp import words
from adapters.destinations.sftp.options import LOGIN_KEY, PASSWORD, Options
from adapters.destinations.sftp.places import places_of
from adapters.destinations.sftp.reading import read_drop, read_word
from adapters.destinations.sftp.signing import signing_key
from adapters.http.connecting import Connector
from adapters.outbound.case_json import case_body
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind, Outcome, Repeat

if TYPE_CHECKING:
    from adapters.destinations.sftp.wire import Courier

DROP, COLLECT = "drop", "collect"
SIGNING_KEY = "signing_key"


class Dropbox:
    """One server's entry."""

    lookup_delay = 0.0

    def __init__(self, entry: DestinationEntry, options: Options, key: Ed25519PrivateKey, courier: Courier) -> None:
        self.name = entry.name
        self._options = options
        self._url = entry.url
        self._folder = urlsplit(entry.url).path.rstrip("/")
        self._key = key
        self._courier = courier

    def next_step(self, case: Case) -> Step | None:
        """The file, then the ministry's word about it."""
        if DROP not in case.progress:
            with_files = self._options.send_files and case.kind is not HandoffKind.WITHDRAWAL
            return Step(DROP, Repeat.DEDUPES, files=with_files)
        return None if COLLECT in case.progress else Step(COLLECT, Repeat.DEDUPES)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """Never called: a file that may lie there is put there again."""
        raise NotImplementedError("a file is put into its place again, not looked up")

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The file with its signature, or where the word will lie."""
        places = places_of(self._folder, case)
        answers = ((words.ACK, places.ack), (words.NACK, places.nack))
        if step.name == COLLECT:
            return Call(words.COLLECT, self._url, answers, b"", f"{case.handoff_id}/{COLLECT}", fresh=True)
        body = self._body(case)
        headers = (
            ("folder", places.folder),
            ("file", places.file),
            ("signature-file", places.signature),
            ("signature", base64.b64encode(self._key.sign(body)).decode("ascii")),
            *answers,
        )
        return Call(words.DROP, self._url, headers, body, str(case.handoff_id), fresh=True)

    async def send(self, call: Call) -> Reply:
        """Visit the server, once."""
        return await self._courier.send(call)

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the server's answer, or the ministry's word, means; the table stands in `reading`."""
        if step.name == COLLECT:
            digest = case.progress.get(DROP, {}).get("sha256")
            return read_word(digest, reply, at, self._options.poll_every)
        return read_drop(places_of(self._folder, case).file, sha256(self._body(case)).hexdigest(), reply)

    async def sync(self) -> Sequence[Term]:
        """Nothing: a folder has no vocabulary."""
        return ()

    async def aclose(self) -> None:
        """Let go of what the courier holds."""
        await self._courier.aclose()

    def _body(self, case: Case) -> bytes:
        reference = case.prior.get(COLLECT, {}).get("reference")
        prior = reference if isinstance(reference, str) else None
        return case_body(case, prior_reference=prior, send_files=self._options.send_files)


def build(entry: DestinationEntry) -> Dropbox:
    """The adapter of an entry. Raises Misconfigured."""
    from adapters.destinations.sftp.server import server_of  # asyncssh: loaded with an entry, not with every process
    from adapters.destinations.sftp.wire import Courier

    options = entry.options
    if not isinstance(options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of an sftp destination")
    server = server_of(entry, options)
    connector = Connector(server.host, server.port, entry.private_hosts, entry.connect_timeout)
    key = signing_key(entry.name, entry.secrets.get(SIGNING_KEY, ""))
    return Dropbox(entry, options, key, Courier(server, connector))


KIND = DestinationKind("sftp", Options, (SIGNING_KEY,), build, optional_secrets=(LOGIN_KEY, PASSWORD))
