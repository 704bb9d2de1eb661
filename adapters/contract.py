"""What a channel and a destination must provide, and the values that pass between them and the gateway.

A channel turns authentic requests into messages. A destination turns one handoff into a row of steps, each one call,
and reads each answer into an outcome. Everything but `fetch`, `send` and `sync` is pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from adapters.incoming import KEPT as KEPT
from adapters.incoming import ChannelAnswer as ChannelAnswer
from adapters.incoming import DeliveryUpdate as DeliveryUpdate
from adapters.incoming import Inbound as Inbound
from adapters.incoming import InboundFile as InboundFile
from adapters.incoming import InboundMessage as InboundMessage
from adapters.incoming import InboundRequest as InboundRequest
from adapters.incoming import ReplyAddress as ReplyAddress
from adapters.incoming import TextPart as TextPart
from adapters.incoming import Unreadable as Unreadable
from schemas.base import Json, Schema
from schemas.handoff import HandoffKind, Outcome, Repeat
from schemas.notice import Notice
from schemas.report import Attachment, Message, Report, Reporter

# ------------------------------------------------------------------------------------------------------------- channels

Take = Callable[[bytes], Awaitable[None]]
"""Takes the next piece of a file. It may raise, and whoever gives the pieces lets that pass."""


class Channel(Protocol):
    """A channel adapter. One instance serves every channel of its kind; secrets and options come with each call."""

    kind: str
    """The adapter's name, as in `channel add --adapter`."""
    secret_names: tuple[str, ...]
    """Secrets that the operator must give when a channel of this kind is made; empty: the channel uses an API key."""
    joins_conversations: bool
    """Whether messages of one sender, close in time, make one report."""
    receipt: ChannelAnswer
    """What the vendor is answered once every message of a delivery is kept."""
    takes_get: bool
    """Whether the vendor may deliver by GET, with the message in the query."""

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """The answer to a vendor's verification request, or None when this is no such request. Raises BadSignature."""

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check that the request is the vendor's, in constant time. Raises BadSignature."""

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """Every message in the request. Raises Malformed or Invalid when the whole request cannot be read."""

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Give the bytes of a vendor's attachment to `take`, piece by piece as they come.

        Raises Busy when another try may help, NotFound or TooLarge when not; what was given before is then no file.
        """


@runtime_checkable
class FetchingChannel(Protocol):
    """A channel whose vendor tells of some messages only where their words lie; others provide nothing."""

    optional_secrets: tuple[str, ...]
    """Secrets that only this needs; a channel without them may take its other messages all the same."""

    async def fetch_words(self, raw: bytes, secrets: Mapping[str, str], options: Mapping[str, Json]) -> bytes:
        """The raw bytes of a part that is to be fetched, with its words, as `parse` reads it.

        Raises Busy when another try may help, NotFound when not.
        """


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """One channel as its adapter is given it to answer through. `name` is that of the destination, with its `@`."""

    name: str
    secrets: Mapping[str, str]
    options: Mapping[str, Json]


@runtime_checkable
class AnsweringChannel(Protocol):
    """A channel whose adapter can tell a reporter something; others provide nothing."""

    optional_secrets: tuple[str, ...]
    """Secrets that only answering needs; a channel without them may take reports all the same."""

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices; None when it is not to answer. Raises Misconfigured."""


# --------------------------------------------------------------------------------------------------------- destinations


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of the case with its bytes as they may travel: `media_type` is what they are.

    `of` is the attachment that it is of. Its type, size and hash are what the sender said of the original, which may
    be another: a picture travels without what it tells of place and device.
    """

    name: str
    media_type: str
    content: bytes
    of: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One handoff as its destination may see it.

    `reporter` is None unless the destination is entitled to it. `parameters` are the route's (an institution, say).
    `progress` maps each finished step of this handoff to what it yielded; `prior` is the same of the report's own
    handoff at this destination, for later messages. `files` is filled only when the step asks for it. `notice`, `reply`
    and `heard_at` (when the reporter last wrote) are of a notice to a channel.
    """

    handoff_id: UUID
    report_id: UUID
    tracking_code: str
    channel: str
    kind: HandoffKind
    accepted_at: datetime
    report: Report
    reporter: Reporter | None = None
    messages: tuple[Message, ...] = ()
    parameters: Mapping[str, Json] = field(default_factory=dict)
    progress: Mapping[str, dict[str, Json]] = field(default_factory=dict)
    prior: Mapping[str, dict[str, Json]] = field(default_factory=dict)
    files: tuple[CaseFile, ...] = ()
    notice: Notice | None = None
    reply: ReplyAddress | None = None
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a handoff. `files` asks for the bytes of the attachments in the case."""

    name: str
    repeat: Repeat
    files: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is about to go. `key` is stable for one step of one handoff, however often it is tried.

    `fresh` asks for a connection of its own, so that a kept-alive connection that died unseen cannot make the outcome
    uncertain.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    key: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """No whole answer came. `sent` is False only when surely no byte of the request reached the destination."""

    reason: str
    sent: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `body` is decompressed and capped; `truncated`: the cap cut it, or it ended early."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    truncated: bool = False
    fault: Fault | None = None
    elapsed: float = 0.0


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a destination's vocabulary (`kind` is `institution`, `category` or `template`)."""

    kind: str
    code: str
    name: str
    parent: str | None = None


class Destination(Protocol):
    """A destination adapter, built once per entry of the configuration."""

    name: str
    lookup_delay: float
    """Seconds to wait after an uncertain attempt before `lookup_step` can be trusted to see it."""

    def next_step(self, case: Case) -> Step | None:
        """The step after those in `case.progress`; None when all are done. Pure."""

    def lookup_step(self, case: Case, uncertain: str) -> Step:
        """The step that asks whether the step named `uncertain` was done; called only for Repeat.LOOKUP. Pure.

        Its outcome: delivered (`yields` are those of the uncertain step: it was done), refused with the reason
        `not_found` (it was surely not done), anything else (ask again later).
        """

    def build(self, case: Case, step: Step, at: datetime) -> Call:
        """The request of a step. The same case and step give the same body, whatever `at` is. Pure."""

    async def send(self, call: Call) -> Reply:
        """Make the call, once. Never raises for what the network or the peer does: that is a Fault in the reply."""

    def read(self, case: Case, step: Step, reply: Reply, at: datetime) -> Outcome:
        """What the reply means. A last step's outcome carries the receipt. Pure; survives any bytes."""

    async def sync(self) -> Sequence[Term]:
        """The destination's current vocabularies, or () if it has none. Raises Busy when they cannot be read now."""

    async def aclose(self) -> None:
        """Close connections."""


@dataclass(frozen=True, slots=True)
class DestinationEntry:
    """One destination of the configuration, as its adapter is given it.

    `options` is an instance of the adapter's own options schema, `secrets` are resolved values. Times are in seconds.
    `private_hosts` are the host names or addresses that may be connected to although they are private or loopback.
    """

    name: str
    url: str
    options: Schema
    secrets: Mapping[str, str]
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float = 90.0
    connections: int = 32
    private_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an entry is examined against. `secrets` are the names written under `secrets`, even if they have no value.

    `identity`: the entry is entitled to the reporter. `production`: what is only fit for trials is refused.
    """

    identity: bool
    production: bool
    secrets: frozenset[str]


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """What is wrong in an entry: the way to its place, such as `("options", "auth")`, and what to write instead."""

    place: tuple[str | int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class DestinationKind:
    """A kind of destination: what its entry may say, which secrets it needs or may be given, and how it is built.

    `examine` names what is wrong with an entry whose fields are each allowed, but not together.
    """

    name: str
    options: type[Schema]
    secret_names: tuple[str, ...]
    build: Callable[[DestinationEntry], Destination]
    optional_secrets: tuple[str, ...] = ()
    examine: Callable[[DestinationEntry, Circumstances], Sequence[EntryProblem]] | None = None
