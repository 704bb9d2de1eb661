"""What the contract suite examines: every destination of the registry, each way it can be set up, and the fake.

The fixtures of a kind hold `<name>.entry.json`: `url`, `options`, `secrets`, and `simulated`, the arguments of the
`simulated()` beside the adapter; `patience`, in seconds, where no misbehaviour needs the impatient adapter to give up.
Each is one subject, examined against that simulator. `"later": "refused"` says that later messages are refused there
before anything is sent.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from adapters.contract import Destination, DestinationEntry
from adapters.destinations import DESTINATIONS
from adapters.pulled import Pulled
from adapters.simulator import Book, FaultRule, Simulator
from adapters.simulator.mishaps import OtherSide
from schemas.handoff import Repeat
from tests.contracts.fetched import Fetched
from tests.fakes.destination import FakeDestination

FOLDER = Path(__file__).resolve().parents[2] / "adapters" / "destinations"


@dataclass(frozen=True, slots=True)
class Stage:
    """A destination's adapter and its other side. `impatient` is a second adapter with short time-outs.

    `taken` counts the requests that the other side took, `kept` the entries of its book. `spoil` puts a rule of HTTP in
    force, `misbehave` a kind of the other side's own, none to behave.
    """

    patient: Destination
    impatient: Destination
    spoil: Callable[[FaultRule], Awaitable[None]]
    misbehave: Callable[..., Awaitable[None]]
    taken: Callable[[], int]
    kept: Callable[[], int]


class Subject(Protocol):
    """One destination as the suite sees it."""

    @property
    def name(self) -> str:
        """As in the ids of the tests."""

    @property
    def protocol(self) -> str:
        """`http`, or the kind of a destination with a protocol of its own."""

    @property
    def refuses_later(self) -> bool:
        """Whether later messages about a report are refused, unsent."""

    def destination(self) -> Destination:
        """The adapter alone, for what is pure."""

    def stage(self) -> AbstractAsyncContextManager[Stage]:
        """The adapter with its other side running."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """A registered destination with its simulator."""

    name: str
    kind: str
    written: dict[str, Any]

    @property
    def protocol(self) -> str:
        is_http = urlsplit(self.written["url"]).scheme in ("http", "https")
        return "http" if is_http else self.kind

    @property
    def refuses_later(self) -> bool:
        return bool(self.written.get("later") == "refused")

    def entry(self, url: str | None = None, *, patience: float = 20.0) -> DestinationEntry:
        kind = DESTINATIONS[self.kind]
        return DestinationEntry(
            name=self.name,
            url=url or self.written["url"],
            options=kind.options.model_validate(self.written.get("options", {})),
            secrets=self.written.get("secrets", {}),
            connect_timeout=patience,
            read_timeout=patience,
            total_timeout=3 * patience,
            private_hosts=frozenset({"127.0.0.1"}),
        )

    def destination(self) -> Destination:
        return DESTINATIONS[self.kind].build(self.entry())

    def stage(self) -> AbstractAsyncContextManager[Stage]:
        return self._over_http() if self.protocol == "http" else self._over_its_own()

    @asynccontextmanager
    async def _over_its_own(self) -> AsyncIterator[Stage]:
        module = importlib.import_module(f"adapters.destinations.{self.kind}.simulator")
        simulator: OtherSide = module.simulated(**self.written.get("simulated", {}))
        await simulator.start()
        build = DESTINATIONS[self.kind].build
        patience = self.written.get("patience", 0.3)
        patient, impatient = build(self.entry(simulator.url)), build(self.entry(simulator.url, patience=patience))
        if isinstance(patient, Pulled):
            patient, impatient = Fetched(patient, simulator), Fetched(impatient, simulator)
        try:
            yield Stage(
                patient,
                impatient,
                _not_http,
                simulator.misbehave,
                lambda: simulator.taken,
                lambda: len(simulator.book),
            )
        finally:
            await patient.aclose()
            await impatient.aclose()
            await simulator.stop()

    @asynccontextmanager
    async def _over_http(self) -> AsyncIterator[Stage]:
        module = importlib.import_module(f"adapters.destinations.{self.kind}.simulator")
        simulator = Simulator(module.simulated(**self.written.get("simulated", {})), book=Book())
        await simulator.start()
        url = simulator.url + urlsplit(self.written["url"]).path
        build = DESTINATIONS[self.kind].build
        patient, impatient = build(self.entry(url)), build(self.entry(url, patience=0.3))

        async def spoil(rule: FaultRule) -> None:
            await simulator.set_faults([rule])

        try:
            yield Stage(
                patient,
                impatient,
                spoil,
                _by_rules(spoil),
                lambda: sum(seen.taken for seen in simulator.requests),
                lambda: len(simulator.book),
            )
        finally:
            await patient.aclose()
            await impatient.aclose()
            await simulator.stop()


@dataclass(frozen=True, slots=True)
class Faked:
    """The fake, held to the same contract."""

    name: str
    repeat: Repeat
    protocol: str = "http"
    refuses_later: bool = False

    def destination(self) -> Destination:
        return FakeDestination(repeat=self.repeat)

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[Stage]:
        fake = FakeDestination(repeat=self.repeat)

        async def spoil(rule: FaultRule) -> None:
            fake.set_faults([rule])

        yield Stage(fake, fake, spoil, _by_rules(spoil), lambda: fake.requests_taken, lambda: len(fake.taken))


def _by_rules(spoil: Callable[[FaultRule], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Misbehaviour by its kind alone; to behave is a rule that is never met."""

    async def misbehave(*kinds: str) -> None:
        await spoil(FaultRule(kinds[0], retry_after="30") if kinds else FaultRule("status", path="^/never$"))

    return misbehave


async def _not_http(rule: FaultRule) -> None:
    raise AssertionError(f"{rule.kind} is a fault of HTTP, this destination speaks another protocol")


def entries_of(kind: str) -> dict[str, Simulated]:
    """Every way in which a kind is examined, by the name of its entry file."""
    return {
        path.name.removesuffix(".entry.json"): Simulated(
            f"{kind}-{path.name.removesuffix('.entry.json')}", kind, json.loads(path.read_text("utf-8"))
        )
        for path in sorted((FOLDER / kind / "fixtures").glob("*.entry.json"))
    }


SUBJECTS: list[Subject] = [
    *(subject for kind in DESTINATIONS for subject in entries_of(kind).values()),
    *(Faked(f"fake-{repeat.value}", repeat) for repeat in (Repeat.DEDUPES, Repeat.LOOKUP, Repeat.NEITHER)),
]

OVER_HTTP = [subject for subject in SUBJECTS if subject.protocol == "http"]
