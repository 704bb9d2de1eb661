"""What a run is to do, and what it is allowed to assume: the regime, and the destinations as they are played."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from schemas.handoff import Repeat

HOST = "127.0.0.1"
CHANNEL = "chaos"
ACTOR = "chaos"
SP4N, MINISTRY = "sp4n", "ministry"
KILLED = " killed"
"""How the name of a blow ends that is a kill -9."""
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
"""A tracking code in a text."""


@dataclass(frozen=True, slots=True)
class Regime:
    """How much of it. `minutes` bounds the posting; `settle` is how many seconds everything may take to come to rest.

    `seed` decides every chance. `own_servers`: PostgreSQL and RabbitMQ are started for this run, and killed in it.
    """

    reports: int = 500
    kills: int = 20
    seed: int = 1708
    minutes: float = 60.0
    settle: float = 300.0
    gateways: int = 2
    workers: int = 2
    at_once: int = 16
    own_servers: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A destination of the copy: who plays it, and what a second sending of its first step does there."""

    name: str
    played_by: Literal["sp4n", "ministry"]
    repeat: Repeat

    def repeat_of(self, step: str) -> Repeat:
        """What sending a step again does. At SP4N only the complaint can neither be repeated nor be asked about."""
        if self.played_by == SP4N and step != "complaint":
            return Repeat.LOOKUP
        return self.repeat


@dataclass(frozen=True, slots=True)
class Taking:
    """Something that a destination took and that must not be there twice."""

    destination: str
    step: str
    code: str
    reference: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the sender of a report was told with its 202."""

    report_id: str
    code: str
