"""Hands a case to a ministry's own REST intake: one signed POST, and a look-up where the ministry offers one.

Idempotency-Key: draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Fault, Reply, Step, Term
from adapters.destinations.ministry_rest.examining import examine
from adapters.destinations.ministry_rest.options import Options
from adapters.destinations.ministry_rest.reading import read_lookup, read_post
from adapters.destinations.ministry_rest.signing import SIGNING_SECRET, signature, signers_of
from adapters.http import (
    AUTH_SECRETS,
    KEY_PASSWORD,
    Authenticator,
    HttpClient,
    Limits,
    certificate_expires_at,
    tls_context,
)
from adapters.outbound.case_json import case_body, lists_of
from adapters.outbound.fields import Subject
from adapters.outbound.payload import shape_of
from adapters.outbound.unsent import NOT_SENT, leads_nowhere, no_call, refused_unsent
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind, Outcome, Repeat

POST = "post"
LOOKUP = "lookup"
NOT_TAKEN = "later_messages_not_taken"
"""The reason for a kind of handoff that the ministry's own shape does not know."""


class Ministry:
    """One ministry's entry."""

    def __init__(
        self,
        entry: DestinationEntry,
        options: Options,
        client: HttpClient,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Raises Misconfigured for a secret that cannot be used."""
        self.name = entry.name
        self.lookup_delay = options.lookup_delay
        self.certificate_expires_at = certificate_expires_at(options.tls)
        self._now = now
        self._options = options
        self._client = client
        self._post_url = entry.url.rstrip("/") + options.path
        self._lookup_url = _lookup_url(entry.url.rstrip("/"), options)
        self._signers = signers_of(entry) if options.sign else ()
        self._proof = Authenticator(entry, options.auth, client)
        self._shape = shape_of(options.payload, entry.name) if options.payload else None

    def next_step(self, case: Case) -> Step | None:
        """The POST, once."""
        if POST in case.progress:
            return None
        with_files = self._options.send_files and self._takes(case) and case.kind is not HandoffKind.WITHDRAWAL
        return Step(POST, self._options.repeat, files=with_files)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """A GET by our key."""
        return Step(LOOKUP, Repeat.HARMLESS)

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The signed request. Only the headers tell when it is sent."""
        key = _key(case)
        if step.name == LOOKUP:
            url = self._lookup_url.replace("{key}", quote(key, safe=""))
            asked = Call("GET", url, (("accept", "application/json"),), b"", f"{key}-{LOOKUP}")
            return self._proven(asked, at)
        if not self._takes(case):
            return no_call(key)
        media_type, body = self._body(case)
        headers = (("content-type", media_type), ("accept", "application/json"), ("idempotency-key", key))
        return self._proven(Call("POST", self._post_url, headers, body, key), at)

    async def send(self, call: Call) -> Reply:
        """Make the call, once; with OAuth 2, once more if the token was refused."""
        if leads_nowhere(call):
            return NOT_SENT
        # In TLS 1.3 a certificate is refused only after the request has gone, which would leave every call in doubt.
        if self.certificate_expires_at is not None and self.certificate_expires_at <= self._now():
            return Reply(fault=Fault("certificate_expired", sent=False))
        return await self._proof.send(call)

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the reply means; the tables stand in `reading`."""
        if step.name == LOOKUP:
            return read_lookup(self._options, case, _key(case), reply, at)
        if not self._takes(case):
            return refused_unsent(NOT_TAKEN)
        return read_post(self._options, case, reply, at)

    async def sync(self) -> Sequence[Term]:
        """Nothing: a ministry publishes no vocabulary here."""
        return ()

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    def _takes(self, case: Case) -> bool:
        """To send a later message in the shape of a report would make a second report of it."""
        return self._shape is None or self._shape.takes(case.kind)

    def _body(self, case: Case) -> tuple[str, bytes]:
        prior, send_files = _prior_reference(case), self._options.send_files
        if self._shape is None:
            return "application/json", case_body(case, prior_reference=prior, send_files=send_files)
        subject = Subject(case, prior, lists_of(case, send_files=send_files))
        return self._shape.content_type, self._shape.body(subject)

    def _proven(self, call: Call, at: datetime) -> Call:
        signed = (*call.headers, *signature(self._signers, call.key, call.body, at))
        fresh = self._options.repeat is Repeat.NEITHER
        return self._proof.proven(replace(call, headers=signed, fresh=fresh), at)


def build(entry: DestinationEntry) -> Ministry:
    """The adapter of an entry. Raises Misconfigured."""
    options = entry.options
    if not isinstance(options, Options):
        raise Misconfigured(f"the options of {entry.name} are not those of a ministry_rest destination")
    limits = Limits(
        connect=entry.connect_timeout,
        read=entry.read_timeout,
        total=entry.total_timeout,
        connections=entry.connections,
    )
    return Ministry(entry, options, HttpClient(limits, allow_private=entry.private_hosts, tls=_tls(entry, options)))


def _tls(entry: DestinationEntry, options: Options) -> ssl.SSLContext | None:
    if options.tls is None:
        return None
    try:
        return tls_context(options.tls, entry.secrets.get(KEY_PASSWORD))
    except OSError as error:
        problem = f"destinations.{entry.name}.options.tls: its files cannot be used ({type(error).__name__})"
        raise Misconfigured(f"the certificates of {entry.name} cannot be used", [problem]) from error


KIND = DestinationKind(
    "ministry_rest",
    Options,
    (),
    build,
    optional_secrets=(SIGNING_SECRET, *AUTH_SECRETS, KEY_PASSWORD),
    examine=examine,
)


def _key(case: Case) -> str:
    """One key for one handoff: it has one step."""
    return str(case.handoff_id)


def _prior_reference(case: Case) -> str | None:
    reference = case.prior.get(POST, {}).get("reference")
    return reference if isinstance(reference, str) else None


def _lookup_url(base: str, options: Options) -> str:
    if options.lookup_path is not None:
        return base + options.lookup_path
    joint = "&" if "?" in base + options.path else "?"
    return f"{base}{options.path}{joint}idempotency_key={{key}}"
