"""Drops a case as a signed file on a ministry's SFTP server, and waits for the file that acknowledges it."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

import asyncssh
from asyncssh import SSHKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Reply, Step, Term
from adapters.destinations.sftp import wire
from adapters.destinations.sftp.options import Options
from adapters.destinations.sftp.places import places_of
from adapters.destinations.sftp.reading import read_drop, read_word
from adapters.destinations.sftp.signing import signing_key
from adapters.http.connecting import Connector
from adapters.outbound.case_json import case_body
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind, Outcome, Repeat

DROP, COLLECT = "drop", "collect"
SIGNING_KEY = "signing_key"
LOGIN_KEY = "login_key"
PASSWORD = "password"  # noqa: S105 - the name of a secret
_FOLDER = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}){0,8}")


class Dropbox:
    """One server's entry."""

    lookup_delay = 0.0

    def __init__(
        self, entry: DestinationEntry, options: Options, key: Ed25519PrivateKey, courier: wire.Courier
    ) -> None:
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
        words = ((wire.ACK, places.ack), (wire.NACK, places.nack))
        if step.name == COLLECT:
            return Call(wire.COLLECT, self._url, words, b"", f"{case.handoff_id}/{COLLECT}", fresh=True)
        body = self._body(case)
        headers = (
            ("folder", places.folder),
            ("file", places.file),
            ("signature-file", places.signature),
            ("signature", base64.b64encode(self._key.sign(body)).decode("ascii")),
            *words,
        )
        return Call(wire.DROP, self._url, headers, body, str(case.handoff_id), fresh=True)

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
    options = entry.options
    if not isinstance(options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of an sftp destination")
    server = _server(entry, options)
    connector = Connector(server.host, server.port, entry.private_hosts, entry.connect_timeout)
    key = signing_key(entry.name, entry.secrets.get(SIGNING_KEY, ""))
    return Dropbox(entry, options, key, wire.Courier(server, connector))


KIND = DestinationKind("sftp", Options, (SIGNING_KEY,), build, optional_secrets=(LOGIN_KEY, PASSWORD))


def _server(entry: DestinationEntry, options: Options) -> wire.Server:
    place = f"destinations.{entry.name}"
    parts = urlsplit(entry.url)
    if parts.scheme != "sftp" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Misconfigured(
            f"the address of {entry.name} is no SFTP server", [f"{place}.url: write sftp://host:22/folder"]
        )
    if not _FOLDER.fullmatch(parts.path.rstrip("/")):
        raise Misconfigured(
            f"the folder of {entry.name} cannot be used", [f"{place}.url: letters, digits, `.`, `_` and `-` only"]
        )
    key, password = entry.secrets.get(LOGIN_KEY), entry.secrets.get(PASSWORD)
    if (key is None) == (password is None):
        raise Misconfigured(
            f"{entry.name} cannot log in", [f"{place}.secrets: give one of {LOGIN_KEY} and {PASSWORD}, not both"]
        )
    return wire.Server(
        host=parts.hostname,
        port=parts.port or 22,
        pins=frozenset(options.host_keys),
        user=options.user,
        key=_login_key(place, key) if key is not None else None,
        password=password,
        total_timeout=entry.total_timeout,
    )


def _login_key(place: str, text: str) -> SSHKey:
    try:
        return asyncssh.import_private_key(text)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        problem = f"{place}.secrets.{LOGIN_KEY}: give a private key in OpenSSH's or PEM form, without a passphrase"
        raise Misconfigured("the login key of a server cannot be read", [problem]) from error
