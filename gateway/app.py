"""The composition root: builds everything once, in order, and closes it in reverse; here adapters are named."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog

from adapters.channels import CHANNELS
from adapters.destinations import DESTINATIONS
from gateway.access_book import AccessBook
from gateway.arriving import Arriving
from gateway.attachments import Files, files_of
from gateway.channel_lines import ChannelLines
from gateway.clock import Clock, FollowingClock, SystemClock
from gateway.config import Config, load_config
from gateway.config.agencies import agency_names
from gateway.conversation import AskLimits
from gateway.deciding import memory_of
from gateway.enrol import Enrolment
from gateway.failpoints import failpoint
from gateway.history import History
from gateway.inbox_ends import tending
from gateway.intake import Intake
from gateway.joining import Patience
from gateway.keyring import KeyRing
from gateway.lease import Lease
from gateway.ledger import Ledger
from gateway.ledger.journal import sequence
from gateway.line import Line, Tools, line_of
from gateway.metrics import Metrics
from gateway.notes import Checkpoint, sign_checkpoint
from gateway.opening import bring_up_to_date, pause_new
from gateway.owing import manner_of, page_of
from gateway.preparing import key_ring_of, make_folder
from gateway.queue import Doorbell
from gateway.receipts.asking import asked_of
from gateway.receipts.chores import watching
from gateway.receipts.following import Following
from gateway.receipts.keeping import Keeping
from gateway.receipts.replies import Replying
from gateway.receipts.telling import Telling
from gateway.replying import Replies
from gateway.review import Reviewing, review_clock
from gateway.settings import Settings
from gateway.spans import spans_of
from gateway.text_parts import TextParts
from gateway.throttle import Throttle, limits_of
from gateway.timekeeping import follow_the_ledger
from gateway.upkeep import Upkeep
from gateway.vault import Vault
from gateway.worker import Rhythm, Worker
from schemas.errors import Misconfigured

log = structlog.get_logger("gateway.app")

_LEAVES_AT_ONCE = 1000
_BEATS_IN_A_LEASE = 6


@dataclass(frozen=True)
class Prepared:
    """What was read before anything is opened."""

    settings: Settings
    config: Config
    ring: KeyRing


@dataclass(frozen=True)
class Gateway:
    """Everything that runs, wired."""

    settings: Settings
    config: Config
    ring: KeyRing
    vault: Vault
    ledger: Ledger
    doorbell: Doorbell
    metrics: Metrics
    clock: Clock
    files: Files
    intake: Intake
    access: AccessBook
    lines: dict[str, Line]
    tools: Tools
    history: History

    def reviewing(self) -> Reviewing:
        """What deciding about reports that were set aside needs."""
        config, settings = self.config, self.settings
        within, learns = timedelta(seconds=settings.review_within), settings.keep_corrections
        return Reviewing(self.ledger, self.vault, config.rules, config.destinations, self.clock, within, learns)


def prepare(settings: Settings) -> Prepared:
    """Read configuration and keys. Raises Misconfigured with every problem found."""
    return Prepared(settings, config_of(settings), key_ring_of(settings))


def config_of(settings: Settings) -> Config:
    """Read the configuration alone. Raises Misconfigured with every problem found."""
    if settings.config_file is None:
        raise Misconfigured(
            "no configuration file: name it with --config or SP4N_GATEWAY_CONFIG (see docs/gateway.example.yaml)"
        )
    return load_config(settings.config_file, kinds=DESTINATIONS, production=settings.is_production, environ=os.environ)


@asynccontextmanager
async def opened(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Gateway]:
    """The gateway with its ledger open. Raises Misconfigured or LedgerUnavailable."""
    prepared = prepare(settings)
    make_folder(settings.data_dir)
    async with AsyncExitStack() as stack:
        ledger = await Ledger.open(settings.ledger_url, reach=failpoint(settings.failpoint))
        stack.push_async_callback(ledger.close)
        await bring_up_to_date(ledger, settings)
        gateway = _wired(prepared, ledger, clock or FollowingClock(SystemClock()))
        stack.callback(gateway.doorbell.stop)
        if gateway.tools.spans is not None:
            stack.callback(gateway.tools.spans.close)
        for line in gateway.lines.values():
            stack.push_async_callback(line.destination.aclose)
        await follow_the_ledger(gateway.tools)
        await gateway.history.look()
        await pause_new(ledger, gateway.config, gateway.clock.now())
        yield gateway


def _wired(prepared: Prepared, ledger: Ledger, clock: Clock) -> Gateway:
    settings, config, ring = prepared.settings, prepared.config, prepared.ring
    vault, metrics = Vault(ring), Metrics()
    access = AccessBook(ledger, vault, clock)
    files = files_of(settings, ledger, access, CHANNELS, clock, metrics)
    doorbell = Doorbell(settings.broker_url, settings.queue_prefix)
    lines = {name: line_of(entry, clock) for name, entry in config.destinations.items()}
    limits, within, memory = settings.file_limits, settings.same_event, memory_of(ledger, vault)
    enrolment = Enrolment(vault, files.storage, config.rules, clock.now, limits, within, memory)
    throttle = Throttle(settings.data_dir, ledger, limits_of(settings), clock, metrics)
    parts = TextParts(ledger, vault, clock, timedelta(seconds=settings.text_parts_within))
    intake = Intake(
        ledger=ledger,
        vault=vault,
        adapters=CHANNELS,
        enrolment=enrolment,
        replies=Replies(ledger, enrolment, manner_of(settings), AskLimits(), agency_names(config), page_of(settings)),
        parts=parts,
        patience=Patience(timedelta(seconds=settings.gather_seconds), timedelta(seconds=settings.conversation_window)),
        ring=doorbell.ring,
        clock=clock,
        metrics=metrics,
        admit=throttle.admit,
    )
    spans = spans_of(settings.otel_endpoint, settings.otel_share)
    tools = Tools(ledger, vault, files, clock, metrics, random.random, failpoint(settings.failpoint), spans)
    made = (settings, config, ring, vault, ledger, doorbell, metrics, clock, files, intake, access, lines, tools)
    return Gateway(*made, History(settings, ledger, config.destinations, clock, doorbell.take_heard))


def worker_of(gateway: Gateway) -> Worker:
    """A worker for this process."""
    settings = gateway.settings
    rhythm = Rhythm(
        beat=settings.lease / _BEATS_IN_A_LEASE,
        sweep=settings.sweep_interval,
        checkpoint=settings.checkpoint_interval,
        grace=settings.grace,
    )

    def sign(size: int, root: bytes) -> str:
        return sign_checkpoint(Checkpoint(gateway.ring.origin, size, root), gateway.ring.journal)

    async def sign_journal() -> None:
        while await gateway.ledger.write(sequence, _LEAVES_AT_ONCE, gateway.clock.now(), sign) >= _LEAVES_AT_ONCE:
            log.info("journal.catching_up")

    keeping = keeping_of(gateway)
    following = Following(keeping, gateway.intake.enrolment.filing, gateway.reviewing())
    lease, doorbell = Lease(gateway.ledger, gateway.clock, settings.lease), gateway.doorbell
    upkeep = Upkeep(settings, gateway.config, gateway.ring, gateway.tools, lease, lambda: doorbell.connected)
    return Worker(
        lines=gateway.lines,
        channels=ChannelLines(gateway.ledger, gateway.vault, CHANNELS, gateway.clock),
        tools=gateway.tools,
        doorbell=doorbell,
        lease=lease,
        rhythm=rhythm,
        sign=sign_journal,
        measure=upkeep.measuring().measure,
        chores=(
            *watching(
                keeping, asked_of(gateway.lines, gateway.config), random.random, gateway.config.calendar, following
            ),
            *Arriving(gateway.ledger, gateway.vault, gateway.access, CHANNELS, gateway.clock, gateway.intake).chores(),
            *review_clock(gateway.reviewing(), settings.review_within),
            *tending(gateway.lines, gateway.tools, rhythm.beat),
            *upkeep.chores(gateway.lines, gateway.history),
        ),
    )


def keeping_of(gateway: Gateway) -> Keeping:
    """What keeping the destinations' answers needs."""
    telling = Telling(agency_names(gateway.config), manner_of(gateway.settings), page_of(gateway.settings))
    return Keeping(gateway.ledger, gateway.vault, gateway.clock, gateway.metrics, telling)


def replying_of(gateway: Gateway) -> Replying:
    """Who may reply by mail: destinations whose entry names the addresses that cases go to."""
    told = {name: getattr(one.entry.options, "recipients", ()) for name, one in gateway.config.destinations.items()}
    return Replying(keeping_of(gateway), {name: addresses for name, addresses in told.items() if addresses})
