"""What the configuration file comes to: destinations ready to be built, and the rules of routing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.contract import DestinationEntry, DestinationKind
from gateway.clocks import Calendar
from gateway.conduct import Conduct
from gateway.polling import PollPolicy
from gateway.retry import RetryPolicy
from gateway.route import Rules


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many calls in so many seconds."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DestinationConfig:
    """One destination: how its adapter is built, and how the gateway works it.

    `identity`: it may see who reports, where the report's flags allow it. `concurrency`: handoffs under way at once in
    all workers together. `paused`: it starts paused until somebody resumes it. `line` is where it stands in the file.
    `polling`: how often it is asked what became of a case, where it can be asked. `conduct`: its breaker, hours,
    deadline and what else the gateway minds. `callback` are the secrets, all of them valid, with which it may tell that
    by itself.
    """

    kind: DestinationKind
    entry: DestinationEntry
    identity: bool
    concurrency: int
    rate: Rate | None
    retry: RetryPolicy
    paused: bool
    line: int
    polling: PollPolicy = field(default_factory=PollPolicy)
    conduct: Conduct = field(default_factory=Conduct)
    callback: tuple[str, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """The name in the file, in the ledger and in the console."""
        return self.entry.name


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file, checked."""

    destinations: Mapping[str, DestinationConfig]
    rules: Rules
    calendar: Calendar = field(default_factory=Calendar)
