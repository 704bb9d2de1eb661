"""What the console works with: values and functions, wired once at start."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.contract import Channel, Destination
from gateway.access_book import AccessBook
from gateway.clock import Clock
from gateway.config import Config
from gateway.enrol import Enrolment
from gateway.keyring import KeyRing
from gateway.ledger import Ledger
from gateway.vault import Vault

BASE = "/console"
"""Where the console is mounted."""


@dataclass(frozen=True)
class Desk:
    """Everything that a page may use. `leaving` is set when the process is told to stop: streams end then.

    `hashing` bounds the passwords that are checked at once: each takes 64 MiB.
    """

    ledger: Ledger
    vault: Vault
    ring: KeyRing
    config: Config
    clock: Clock
    access: AccessBook
    enrolment: Enrolment
    channels: Mapping[str, Channel]
    destinations: Mapping[str, Destination]
    secure: bool
    leaving: asyncio.Event
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
