"""The conversation with an endpoint: requests built as the gateway builds them, then altered where a check wants it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from adapters.contract import Call, Case, DestinationEntry, Reply
from adapters.destinations.ministry_rest.adapter import POST, Ministry, build
from adapters.destinations.ministry_rest.options import Options
from adapters.destinations.ministry_rest.signing import SIGNING_SECRET
from adapters.http import Authenticator, HttpClient, Limits
from gateway.certificates import trust_of
from gateway.clock import Clock
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind, Outcome, OutcomeKind, Repeat

_STEP_TRIES = 4
_LONGEST_WAIT = 30.0
SIGNATURE = ("webhook-id", "webhook-timestamp", "webhook-signature")


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, and what the gateway would make of it."""

    reply: Reply
    outcome: Outcome

    @property
    def is_taken(self) -> bool:
        """Whether the gateway would call it delivered."""
        return self.outcome.kind is OutcomeKind.DELIVERED

    @property
    def is_refused(self) -> bool:
        """Whether it was refused as a client's fault is: 4xx."""
        return 400 <= self.reply.status < 500

    @property
    def reference(self) -> str | None:
        """The ministry's number, if it gave one."""
        return self.outcome.receipt.reference if self.outcome.receipt else None

    @property
    def seen(self) -> str:
        """In a few words."""
        if self.reply.fault is not None:
            return f"no answer: {self.reply.fault.reason}"
        return f"{self.reply.status}" + (f" {self.reference}" if self.reference else f" ({self.outcome.reason})")


@dataclass(slots=True)
class Talk:
    """One endpoint. `taken` are the test cases that it kept, as far as it said so; `heard` is every answer."""

    entry: DestinationEntry
    clock: Clock
    body_size: int
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    heard: list[Heard] = field(default_factory=list)
    taken: list[tuple[Case, str | None]] = field(default_factory=list)
    adapter: Ministry = field(init=False)
    _client: HttpClient = field(init=False)
    _proof: Authenticator = field(init=False)

    def __post_init__(self) -> None:
        """Raises Misconfigured."""
        entry = self.entry
        self.adapter = build(entry)
        limits = Limits(entry.connect_timeout, entry.read_timeout, entry.total_timeout, connections=entry.connections)
        self._client = HttpClient(limits, allow_private=entry.private_hosts, tls=trust_of(entry))
        self._proof = Authenticator(entry, self.options.auth, self._client)

    @property
    def options(self) -> Options:
        """The entry's options. Raises Misconfigured for another kind of destination."""
        if not isinstance(self.entry.options, Options):
            raise Misconfigured(f"{self.entry.name} is no destination of the kind ministry_rest")
        return self.entry.options

    @property
    def dedupes(self) -> bool:
        """Whether the ministry promises to know a key again."""
        return self.options.repeat is Repeat.DEDUPES

    def call(self, case: Case, at: datetime | None = None) -> Call:
        """The request of a case as the gateway would send it; `at` is the time that the headers tell."""
        step = self.adapter.next_step(case)
        assert step is not None  # noqa: S101 - the case has no progress
        shown = case if step.files else replace(case, files=())
        return self.adapter.build(shown, step, at or self.clock.now())

    def rewritten(self, call: Call, body: bytes) -> Call:
        """The request with another body, proven anew."""
        kept = tuple(one for one in call.headers if one[0] in ("content-type", "accept", "idempotency-key"))
        at = self.clock.now()
        signed = self._signature(call.key, body, at) if self.options.sign else ()
        return self._proof.proven(replace(call, headers=(*kept, *signed), body=body, url=self._address), at)

    def reheaded(self, call: Call, changed: Mapping[str, str | None]) -> Call:
        """The request with other headers; None takes one away. What it is not proven by stays as it is."""
        kept = tuple((name, value) for name, value in call.headers if name not in changed)
        return replace(call, headers=(*kept, *((name, value) for name, value in changed.items() if value is not None)))

    def unproven(self, call: Call) -> Call:
        """The request without anything that proves whose it is."""
        kept = tuple(one for one in call.headers if one[0] in ("content-type", "accept", "idempotency-key"))
        return replace(call, headers=kept, url=self._address)

    async def hand(self, case: Case) -> Heard:
        """Send a case as the gateway would."""
        return await self.send(case, self.call(case))

    async def send(self, case: Case, call: Call) -> Heard:
        """Send a request about a case. Where the ministry asks for patience it is given some."""
        heard = await self.once(case, call)
        for _ in range(_STEP_TRIES):
            wait = heard.outcome.retry_after
            if heard.reply.status not in (429, 503) or wait is None or wait > _LONGEST_WAIT:
                break
            await self.pause(wait)
            heard = await self.once(case, call)
        return heard

    async def once(self, case: Case, call: Call) -> Heard:
        """Send a request about a case, a single time."""
        reply = await self.adapter.send(call)
        return self.note(case, reply)

    def note(self, case: Case, reply: Reply) -> Heard:
        """Read an answer, and remember what it says was taken."""
        step = self.adapter.next_step(case)
        assert step is not None  # noqa: S101 - the case has no progress
        heard = Heard(reply, self.adapter.read(case, step, reply, self.clock.now()))
        self.heard.append(heard)
        known = [(one.report_id, reference) for one, reference in self.taken]
        if heard.is_taken and case.kind is HandoffKind.REPORT and (case.report_id, heard.reference) not in known:
            self.taken.append((case, heard.reference))
        return heard

    async def look_up(self, case: Case) -> Outcome:
        """Ask for a case by its key, as the gateway does after an attempt in doubt."""
        step, now = self.adapter.lookup_step(case, POST), self.clock.now()
        reply = await self.adapter.send(self.adapter.build(case, step, now))
        return self.adapter.read(case, step, reply, now)

    async def aclose(self) -> None:
        """Close connections."""
        await self.adapter.aclose()
        await self._client.aclose()

    def _signature(self, key: str, body: bytes, at: datetime) -> tuple[tuple[str, str], ...]:
        """Over any bytes; the library signs only texts."""
        stamp = str(int(at.timestamp()))
        signatures = []
        for secret in self.entry.secrets[SIGNING_SECRET].split():
            raw = base64.b64decode(secret.removeprefix("whsec_") + "==")
            digest = hmac.new(raw, f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
            signatures.append("v1," + base64.b64encode(digest).decode())
        return tuple(zip(SIGNATURE, (key, stamp, " ".join(signatures)), strict=True))

    @property
    def _address(self) -> str:
        return self.entry.url.rstrip("/") + self.options.path


def parsed(call: Call) -> dict[str, object] | None:
    """The body as an object of JSON; None for a form, or anything else."""
    try:
        value = orjson.loads(call.body)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
