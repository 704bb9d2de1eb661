"""The copy as a place: its folder, its settings, its scratch ledger and queue, and the wires that lead to them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from adapters.channels import CHANNELS
from gateway.app import Gateway, opened
from gateway.channels import ENTROPY_BYTES, make_channel, make_key
from gateway.chaos.regime import ACTOR, CHANNEL, HOST
from gateway.chaos.wire import Wire, wire_to
from gateway.ledger import Ledger
from gateway.ledger.channels import add_channel, add_credential
from gateway.ledger.scratch import drop_database, make_database
from gateway.settings import Settings, variable

_KEPT = (
    "lease",
    "sweep_interval",
    "checkpoint_interval",
    "min_free_bytes",
    "min_free_percent",
    "max_backlog",
    "max_waiting",
    "max_body_bytes",
    "file_max_bytes",
    "files_per_message",
    "file_types_refused",
    "image_max_pixels",
    "review_within",
)
"""The operator's own settings that hold in the copy."""
_WITHOUT_WIRE = ("amqps", "sqlite", "memory")


@dataclass(frozen=True)
class Place:
    """Where the copy is. `direct` reaches its ledger without a wire; `environ` is what its processes are given.

    `wires` lead to `ledger` and `broker`; one that speaks TLS has none, since its certificate names another address.
    """

    folder: Path
    settings: Settings
    environ: Mapping[str, str]
    gateway: Gateway
    key: str
    wires: Mapping[str, Wire]

    @property
    def logs(self) -> Path:
        """What its processes say."""
        return self.folder / "log"


@asynccontextmanager
async def furnished(folder: Path, own: Settings, config: str, database: str | None = None) -> AsyncIterator[Place]:
    """The copy, with nothing running yet. Its database and queue are gone afterwards; the folder stays.

    `own` are the settings that it is a copy of; `database` is an empty one to use instead of one made for this.
    `folder` is an absolute path. Raises
    Misconfigured.
    """
    (folder / "log").mkdir(parents=True, exist_ok=True)
    (folder / "gateway.yaml").write_text(config, encoding="utf-8")
    name = f"sp4n_chaos_{os.urandom(4).hex()}"
    async with AsyncExitStack() as stack:
        url = database or await _database(own, folder, name, stack)
        settings = _settings(own, folder, url, name)
        await _migrate(url)
        gateway = await stack.enter_async_context(opened(settings))
        if settings.broker_url != "memory://":
            stack.callback(gateway.doorbell.delete_queue)
        key = await _make_channel(gateway)
        wires = {
            what: await stack.enter_async_context(wire_to(address, port))
            for what, address, port in (("ledger", url, 5432), ("broker", settings.broker_url, 5672))
            if _can_be_wired(address)
        }
        yield Place(folder, settings, _environ(settings, wires), gateway, key, wires)


async def _database(own: Settings, folder: Path, name: str, stack: AsyncExitStack) -> str:
    if own.is_embedded:
        return f"sqlite:///{folder / 'ledger.sqlite'}"
    url = await make_database(own.ledger_url, name)
    stack.push_async_callback(drop_database, own.ledger_url, name)
    return url


def _settings(own: Settings, folder: Path, url: str, prefix: str) -> Settings:
    """Every setting is given, so that no variable of the installation itself can reach into the copy."""
    given: dict[str, Any] = {name: field.default for name, field in Settings.model_fields.items()}
    given |= {name: getattr(own, name) for name in _KEPT}
    given |= {
        "config_file": folder / "gateway.yaml",
        "data_dir": folder / "data",
        "database_url": url,
        "broker_url": own.broker_url,
        "queue_prefix": prefix,
        "host": HOST,
        "port": 0,
        "console": False,
    }
    return Settings(**given)


async def _migrate(url: str) -> None:
    if url.startswith("sqlite:"):
        return  # it migrates by itself
    ledger = await Ledger.open(url)
    try:
        await ledger.migrate()
    finally:
        await ledger.close()


async def _make_channel(gateway: Gateway) -> str:
    """The channel that the reports come by; its key."""
    now = datetime.now(UTC)
    row = make_channel(gateway.vault, CHANNELS["native"], CHANNEL, secrets={}, options={}, now=now)
    await gateway.ledger.write(add_channel, row, ACTOR)
    credential, key = make_key(CHANNEL, os.urandom(ENTROPY_BYTES), now)
    await gateway.ledger.write(add_credential, credential, ACTOR)
    return key


def _can_be_wired(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.scheme.startswith(_WITHOUT_WIRE) and "ssl" not in parts.query


def _environ(settings: Settings, wires: Mapping[str, Wire]) -> dict[str, str]:
    """The variables of the copy's processes: none of the installation's own, all of the copy's."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("SP4N_GATEWAY_")}
    given = {name: getattr(settings, name) for name in Settings.model_fields}
    for name, wire in (("database_url", "ledger"), ("broker_url", "broker")):
        if wire in wires:
            given[name] = wires[wire].instead_of(given[name])
    return kept | {variable(name): str(value) for name, value in given.items() if value is not None}
