"""Hands a case to a ministry's own REST intake: one signed POST, and a look-up where the ministry offers one.

Signatures: Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
Idempotency-Key: draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from standardwebhooks import Webhook

from adapters.contract import Call, Case, DestinationEntry, DestinationKind, Reply, Step, Term
from adapters.destinations.ministry_rest.options import Options
from adapters.destinations.ministry_rest.reading import read_lookup, read_post
from adapters.http import HttpClient, Limits
from adapters.outbound.case_json import case_body
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind, Outcome, Repeat

POST = "post"
LOOKUP = "lookup"
SIGNING_SECRET = "signing_secret"  # noqa: S105 - the name of a secret
BEARER_TOKEN = "bearer_token"  # noqa: S105 - the name of a secret

_SECRET_PREFIX = "whsec_"  # noqa: S105 - how such secrets begin
_SECRET_BYTES = range(24, 65)


class Ministry:
    """One ministry's entry."""

    def __init__(self, entry: DestinationEntry, options: Options, client: HttpClient) -> None:
        """Raises Misconfigured for a secret that cannot be used."""
        self.name = entry.name
        self.lookup_delay = options.lookup_delay
        self._options = options
        self._client = client
        self._post_url = entry.url.rstrip("/") + options.path
        self._lookup_url = _lookup_url(entry.url.rstrip("/"), options)
        self._signers = _signers(entry)
        self._standing = _standing_headers(entry)

    def next_step(self, case: Case) -> Step | None:
        """The POST, once."""
        if POST in case.progress:
            return None
        with_files = self._options.send_files and case.kind is not HandoffKind.WITHDRAWAL
        return Step(POST, self._options.repeat, files=with_files)

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """A GET by our key."""
        return Step(LOOKUP, Repeat.HARMLESS)

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The signed request. Only the headers tell when it is sent."""
        fresh = self._options.repeat is Repeat.NEITHER
        key = _key(case)
        if step.name == LOOKUP:
            url = self._lookup_url.replace("{key}", quote(key, safe=""))
            headers = (("accept", "application/json"), *self._signed(f"{key}-{LOOKUP}", b"", at), *self._standing)
            return Call("GET", url, headers, b"", f"{key}-{LOOKUP}", fresh)
        body = case_body(case, prior_reference=_prior_reference(case), send_files=self._options.send_files)
        headers = (
            ("content-type", "application/json"),
            ("accept", "application/json"),
            ("idempotency-key", key),
            *self._signed(key, body, at),
            *self._standing,
        )
        return Call("POST", self._post_url, headers, body, key, fresh)

    async def send(self, call: Call) -> Reply:
        """Make the call, once."""
        return await self._client.send(call)

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the reply means; the tables stand in `reading`."""
        if step.name == LOOKUP:
            return read_lookup(self._options, case, _key(case), reply, at)
        return read_post(self._options, case, reply, at)

    async def sync(self) -> Sequence[Term]:
        """Nothing: a ministry publishes no vocabulary here."""
        return ()

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    def _signed(self, identity: str, body: bytes, at: datetime) -> tuple[tuple[str, str], ...]:
        # The library's sign() does not convert a time, it writes UTC over its zone: give it nothing but UTC.
        utc = at.astimezone(UTC)
        text = body.decode()
        signatures = " ".join(signer.sign(identity, utc, text) for signer in self._signers)
        return (
            ("webhook-id", identity),
            ("webhook-timestamp", str(int(utc.timestamp()))),
            ("webhook-signature", signatures),
        )


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
    return Ministry(entry, options, HttpClient(limits, allow_private=entry.private_hosts))


KIND = DestinationKind("ministry_rest", Options, (SIGNING_SECRET,), build, optional_secrets=(BEARER_TOKEN,))


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


def _standing_headers(entry: DestinationEntry) -> tuple[tuple[str, str], ...]:
    bearer = entry.secrets.get(BEARER_TOKEN)
    if bearer is None:
        return ()
    if not re.fullmatch(r"[!-~]+", bearer):
        problem = f"destinations.{entry.name}.secrets.{BEARER_TOKEN}: is empty or cannot stand in a header"
        raise Misconfigured(f"the bearer token of {entry.name} cannot be used", [problem])
    return (("authorization", f"Bearer {bearer}"),)


def _signers(entry: DestinationEntry) -> tuple[Webhook, ...]:
    """One per secret: two, separated by a space, sign side by side while the ministry changes from one to the other."""
    secrets = entry.secrets.get(SIGNING_SECRET, "").split()
    if not secrets or not all(_is_secret(secret) for secret in secrets):
        problem = (
            f"destinations.{entry.name}.secrets.{SIGNING_SECRET}: write {_SECRET_PREFIX} and 24 to 64 bytes in base64; "
            "two such secrets separated by a space sign side by side"
        )
        raise Misconfigured(f"the signing secret of {entry.name} cannot be used", [problem])
    return tuple(Webhook(secret) for secret in secrets)


def _is_secret(text: str) -> bool:
    """Checked here, because the library takes any text and skips what is not base64."""
    if not text.startswith(_SECRET_PREFIX):
        return False
    encoded = text.removeprefix(_SECRET_PREFIX)
    try:
        return len(base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)) in _SECRET_BYTES
    except binascii.Error:
        return False
