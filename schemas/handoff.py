"""A handoff: one report, or one later message about it, owed to one destination; and what came of each try."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from schemas.base import Json, Schema

NOT_OURS = "not_ours"
"""The reason of a refusal by which a destination says that a case is not its matter: it goes on to the next."""


class HandoffKind(StrEnum):
    """What is handed off."""

    REPORT = "report"
    """The report itself."""
    ADDITION = "addition"
    """A later message, photo or place of the reporter."""
    WITHDRAWAL = "withdrawal"
    """The reporter takes the report back."""
    NOTICE = "notice"
    """Something told to the reporter through the channel: its destination is the channel itself, named `@channel`."""


class LinkKind(StrEnum):
    """How a report tells of an event that an earlier one told of."""

    AGAIN = "again"
    """The same person told it before."""
    SUPPORTER = "supporter"
    """Somebody else told it before."""


class HandoffState(StrEnum):
    """Where a handoff stands. Exactly one of these at any time; the books balance over them."""

    PENDING = "pending"
    """Owed: waiting for its first try or the next, or being tried now."""
    DELIVERED = "delivered"
    """The destination has it. Terminal."""
    UNCERTAIN = "uncertain"
    """It may have arrived and must not be sent again blindly: waits for a rule or a person."""
    PARKED = "parked"
    """Set aside with stage and reason; redrive puts it back."""
    CANCELLED = "cancelled"
    """A person decided that it is not to be sent. Terminal."""


class OutcomeKind(StrEnum):
    """What one attempt came to."""

    DELIVERED = "delivered"
    """The step is done, the answer proves it."""
    DEFERRED = "deferred"
    """Surely not done; worth another try."""
    REFUSED = "refused"
    """Surely not done; another try of the same would be refused again."""
    UNCERTAIN = "uncertain"
    """May or may not have been done."""


class Repeat(StrEnum):
    """What it does to send a step again whose first sending may have arrived."""

    HARMLESS = "harmless"
    """Nothing: a second time has no effect that matters (a look-up, an upload that nothing points at yet)."""
    DEDUPES = "dedupes"
    """Nothing: the destination honours our idempotency key."""
    LOOKUP = "lookup"
    """A double, but the destination can be asked first whether the step was done."""
    NEITHER = "neither"
    """A double that cannot be undone."""


class Evidence(StrEnum):
    """How good the proof is that a delivered handoff arrived, best first."""

    REFERENCED = "referenced"
    """Acknowledged with the destination's own reference."""
    ACKNOWLEDGED = "acknowledged"
    """Acknowledged without a reference."""
    RECONCILED = "reconciled"
    """Found by look-up after an uncertain attempt."""
    CONFIRMED = "confirmed"
    """A person confirmed that it arrived."""
    DUPLICATE_SUSPECTED = "duplicate_suspected"
    """Delivered, after an uncertain attempt was released and sent again: there may be two."""


class ResultSource(StrEnum):
    """Who recorded the result of an attempt. An attempt can have one of each."""

    REPLY = "reply"
    """The worker that made the call."""
    REAPER = "reaper"
    """The worker died; whoever found its attempt open."""
    LATE = "late"
    """The worker that made the call, after it had been taken for dead."""
    OPERATOR = "operator"
    """A person resolved an uncertain attempt."""
    BOUNCE = "bounce"
    """The mail came back after it had been taken."""


class ParkStage(StrEnum):
    """Where work was set aside."""

    PARSE = "parse"
    """An authentic message that the adapter does not understand."""
    SCREEN = "screen"
    """Held or asked by screening; waits for a person or for the reporter."""
    ROUTE = "route"
    """No destination could be found."""
    DELIVER = "deliver"
    """The destination refused it, or the horizon of retries was reached."""
    INTERNAL = "internal"
    """A fault of the gateway itself."""


class Receipt(Schema):
    """What a destination answered as proof. `reference` is its own number for the case, if it gave one."""

    reference: str | None = None
    received_at: AwareDatetime
    public_url: str | None = None
    extra: dict[str, Json] = {}


class Outcome(Schema):
    """What one attempt came to, in values.

    `reason` is a token of letters, digits and underscores (`http_503`, `connect_refused`, `no_reference`);
    `retry_after` is in seconds; `yields` is what the step produced for later steps; `excerpt` is the start of the
    reply, sealed before it is stored; `final` ends all tries at once (410 Gone). `look_again`, with `deferred`: nothing
    failed, the destination's word is only awaited; it is looked for again after so many seconds, until the horizon.
    """

    kind: OutcomeKind
    reason: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    status: int | None = None
    retry_after: float | None = None
    look_again: float | None = Field(default=None, gt=0)
    yields: dict[str, Json] = {}
    receipt: Receipt | None = None
    excerpt: bytes = b""
    final: bool = False


class HandoffView(Schema):
    """A handoff as shown to the channel that posted the report."""

    destination: str
    kind: HandoffKind
    state: HandoffState
    evidence: Evidence | None = None
    reference: str | None = None
    updated_at: AwareDatetime


class LinkView(Schema):
    """That a report is linked to an earlier one about the same event, and where that one stands."""

    kind: LinkKind
    linked_at: AwareDatetime
    handoffs: tuple[HandoffView, ...] = Field(default=(), description="Of the earlier report, without its references")


class ReportView(Schema):
    """A report's state as shown to the channel that posted it."""

    id: str
    tracking_code: str
    message_id: str | None = None
    received_at: AwareDatetime
    verdict: str
    handoffs: tuple[HandoffView, ...] = Field(default=(), description="What is owed to agencies, oldest first")
    notices: tuple[HandoffView, ...] = Field(default=(), description="What the reporter is owed through the channel")
    linked: LinkView | None = Field(
        default=None, description="The report follows an earlier one about the same event and is not handed on itself"
    )


class Acceptance(Schema):
    """The answer to an accepted report. `status_url` is relative unless the gateway knows its public address."""

    message_id: str
    id: str
    tracking_code: str
    status_url: str
    duplicate: bool = False
    emergency_numbers: tuple[str, ...] = Field(
        default=(), description="Whom the reporter should call at once, because the report names an emergency"
    )
