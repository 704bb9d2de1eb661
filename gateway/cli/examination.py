"""The examination behind `doctor`: one function for each part, each answering with what it found."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.channels.batch.adapter import ADAPTER as BATCH_ADAPTER
from gateway.app import prepare
from gateway.certificates import expiry_of, trust_of
from gateway.cli.desk import ledger_of
from gateway.cli.examined import Examined, Grade
from gateway.cli.file_examination import examine_files, examine_scanner, examine_store
from gateway.cli.provider_examination import examine_provider
from gateway.clock import SystemClock
from gateway.config import Config
from gateway.duration import spell_duration
from gateway.history import MEND, History
from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.channels import list_channels
from gateway.ledger.health import last_moment, overdue, server_time, unsigned_since
from gateway.ledger.workers import living
from gateway.probing import probe
from gateway.queue import Doorbell
from gateway.route.returning import NATIONAL, goes_back
from gateway.settings import Settings
from schemas.errors import GatewayError, Misconfigured

CLOCK_TOLERANCE = timedelta(seconds=5)
SIGNING_TOLERANCE = timedelta(seconds=60)
STUCK_AFTER = timedelta(minutes=15)
CERTIFICATE_NOTICE = timedelta(days=30)
BATCH = BATCH_ADAPTER.kind
LEAST_FREE = 200 * 1024**2
LITTLE_FREE = 2 * 1024**3
_UNREACHED = "mend its address here, or ask who runs it; meanwhile its handoffs wait and lose nothing"
_BROKER_SECONDS = 6.0
_LOOK_AGAIN = 0.05


async def examine(settings: Settings) -> list[Examined]:
    """Every finding, in the order in which parts depend on each other."""
    found = []
    config: Config | None = None
    try:
        config = prepare(settings).config
        found.append(
            Examined(
                "configuration", Grade.WELL, f"{len(config.destinations)} destinations; keys are readable by you only"
            )
        )
    except Misconfigured as error:
        problems = error.problems or [error.detail]
        found += [Examined("configuration", Grade.ILL, problem, "sp4n-gateway settings") for problem in problems]
    found += examine_disk(settings)
    found += [one async for one in _examine_ledger(settings, config)]
    found += await examine_broker(settings)
    found += await examine_scanner(settings)
    found += await examine_store(settings)
    found += await examine_provider(settings)
    if config is not None:
        found += [one async for one in examine_destinations(config)]
    return found


def examine_disk(settings: Settings) -> list[Examined]:
    """Free space where the gateway writes."""
    found = []
    for folder in dict.fromkeys(_nearest(path) for path in (settings.files_path, settings.keys_path.parent)):
        free = shutil.disk_usage(folder).free
        told = f"{folder}: {free / 1024**3:.1f} GiB free"
        mend = "free space, or move the data; a full disk stops intake (nothing accepted is lost)"
        grade = Grade.ILL if free < LEAST_FREE else Grade.CARE if free < LITTLE_FREE else Grade.WELL
        found.append(Examined("disk", grade, told, None if grade is Grade.WELL else mend))
    return found


async def examine_broker(settings: Settings) -> list[Examined]:
    """Whether the broker takes a connection."""
    if settings.broker_url.startswith("memory:"):
        return [Examined("broker", Grade.WELL, "in this process (embedded)")]
    if await _connects(Doorbell(settings.broker_url, settings.queue_prefix)):
        return [Examined("broker", Grade.WELL, "connected")]
    mend = "start RabbitMQ or mend SP4N_GATEWAY_BROKER_URL; until then the sweeper delivers, a little later"
    return [Examined("broker", Grade.CARE, "takes no connection", mend)]


async def examine_destinations(config: Config) -> AsyncIterator[Examined]:
    """Whether each destination's host resolves and takes a connection."""
    for name, one in config.destinations.items():
        problem = await probe(one.entry.url, one.entry.connect_timeout, trust_of(one.entry))
        if problem is None:
            yield Examined(f"destination {name}", Grade.WELL, "takes connections")
        else:
            yield Examined(f"destination {name}", Grade.ILL, problem, _UNREACHED)
        expiry = expiry_of(one.entry)
        if expiry is not None:
            yield examine_certificate(name, expiry, datetime.now(UTC))


def examine_certificate(name: str, expiry: datetime, now: datetime) -> Examined:
    """How long the certificate by which we prove ourselves to a destination still holds."""
    part, told = f"certificate for {name}", f"{expiry:%Y-%m-%d %H:%M} UTC"
    mend = f"ask {name} for a new one, put it where `options.tls` says, and start again"
    if expiry <= now:
        return Examined(part, Grade.ILL, f"expired on {told}; nothing is sent, handoffs wait", mend)
    if expiry - now < CERTIFICATE_NOTICE:
        return Examined(part, Grade.CARE, f"expires on {told}; from then on nothing is sent", mend)
    return Examined(part, Grade.WELL, f"holds until {told}")


async def _examine_ledger(settings: Settings, config: Config | None) -> AsyncIterator[Examined]:
    try:
        async with ledger_of(settings) as ledger:
            yield Examined("ledger", Grade.WELL, f"reached; schema {ledger.head_version()}")
            now = datetime.now(UTC)
            for part, look in _LEDGER_PARTS.items():
                yield await _looked_at(part, look(ledger, now))
            for one in await examine_imports(ledger, config) if config is not None else ():
                yield one
            yield await _looked_at("history", examine_history(History(settings, ledger, (), SystemClock())))
    except GatewayError as error:
        yield Examined("ledger", Grade.ILL, error.detail or type(error).__name__, "the text above says what to do")


async def _looked_at(part: str, look: Awaitable[Examined]) -> Examined:
    """The finding about one part; what keeps it from being looked at is a finding too, and does not hide the others."""
    try:
        return await look
    except GatewayError as error:
        return Examined(part, Grade.ILL, error.detail or type(error).__name__, "the text above says what to do")


async def examine_imports(ledger: Ledger, config: Config) -> list[Examined]:
    """Channels of imported tables whose reports go to LAPOR!: its own export would be there twice."""
    national = {name for name, one in config.destinations.items() if one.kind.name in NATIONAL}
    channels = [one.name for one in await ledger.read(list_channels) if one.kind == BATCH and one.closed_at is None]
    found = [(name, goes_back(name, config.rules, national)) for name in channels]
    mend = "LAPOR!'s own export is refused there, other tables are not. A rule with `only: true` sends it elsewhere"
    return [
        Examined(f"channel {name}", Grade.NOTE, f"imported reports go to {', '.join(back)}", mend)
        for name, back in found
        if back
    ]


async def examine_history(history: History) -> Examined:
    """Whether this ledger is the one that was seen before, or an older one."""
    told = await history.told()
    if told is None:
        return Examined("history", Grade.WELL, "no older than what was seen of it")
    return Examined("history", Grade.ILL, told, MEND)


async def examine_clock(ledger: Ledger, now: datetime) -> Examined:
    """Whether this machine's clock agrees with the ledger's server, and has not gone back."""
    apart = abs(await ledger.read(server_time) - now)
    if apart > CLOCK_TOLERANCE:
        return Examined("clock", Grade.ILL, f"{apart} away from the ledger's server", "set both by NTP")
    last = await ledger.read(last_moment)
    if last is not None and last > now + CLOCK_TOLERANCE:
        return Examined(
            "clock", Grade.ILL, f"behind the last attempt by {last - now}", "set this machine's clock by NTP"
        )
    return Examined("clock", Grade.WELL, "agrees with the ledger")


async def examine_books(ledger: Ledger, now: datetime) -> Examined:
    """Whether accepted is what is accounted for."""
    rows = await ledger.read(balance)
    off = [f"{row.channel} → {row.destination}: {row.difference:+d}" for row in rows if row.difference]
    if off:
        return Examined("books", Grade.ILL, "; ".join(off), "keep the ledger as it is and report this fault")
    uncertain, parked = sum(row.uncertain for row in rows), sum(row.parked for row in rows)
    if uncertain:
        told = f"balance; {uncertain} uncertain, {parked} parked"
        return Examined("books", Grade.CARE, told, "sp4n-gateway handoff list --state uncertain, then handoff resolve")
    told = f"balance; {sum(row.accepted for row in rows)} accepted, {parked} parked"
    return Examined("books", Grade.NOTE if parked else Grade.WELL, told, "sp4n-gateway park list" if parked else None)


async def examine_workers(ledger: Ledger, now: datetime) -> Examined:
    """Whether anybody works."""
    workers = await ledger.read(living)
    if workers:
        return Examined("workers", Grade.WELL, f"{len(workers)} at work")
    return Examined("workers", Grade.CARE, "none at work", "start `sp4n-gateway serve` or `sp4n-gateway worker`")


async def examine_journal(ledger: Ledger, now: datetime) -> Examined:
    """Whether what was recorded gets signed."""
    since = await ledger.read(unsigned_since)
    if since is None or now - since < SIGNING_TOLERANCE:
        return Examined("journal", Grade.WELL, "signed up to date")
    told = f"records wait for a signature since {spell_duration(round((now - since).total_seconds()))}"
    return Examined("journal", Grade.CARE, told, "a running worker signs them; then run `sp4n-gateway verify`")


async def examine_handoffs(ledger: Ledger, now: datetime) -> Examined:
    """Whether something was due long ago and nobody has it in hand."""
    stuck = await ledger.read(overdue, now - STUCK_AFTER)
    if not stuck:
        return Examined("handoffs", Grade.WELL, "none is stuck")
    told = "; ".join(f"{one.handoffs} to {one.destination} due since {one.oldest:%Y-%m-%d %H:%M}" for one in stuck)
    return Examined("handoffs", Grade.ILL, told, "is a worker running, with this destination in its configuration?")


_LEDGER_PARTS: dict[str, Callable[[Ledger, datetime], Awaitable[Examined]]] = {
    "clock": examine_clock,
    "books": examine_books,
    "workers": examine_workers,
    "journal": examine_journal,
    "handoffs": examine_handoffs,
    "files": examine_files,
}


async def _connects(doorbell: Doorbell) -> bool:
    """Whether the broker is reached within a few seconds."""
    doorbell.start()
    try:
        for _ in range(int(_BROKER_SECONDS / _LOOK_AGAIN)):
            if doorbell.connected:
                return True
            await asyncio.sleep(_LOOK_AGAIN)
        return False
    finally:
        await asyncio.to_thread(doorbell.stop)


def _nearest(path: Path) -> Path:
    """The path itself or the nearest folder above it that is there."""
    return next(folder for folder in (path, *path.resolve().parents) if folder.is_dir())
