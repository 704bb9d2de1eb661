"""A whole gateway in one process, between real simulators: what the end-to-end tests drive and look into."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from adapters.destinations.ministry_rest import simulator as ministry_simulator
from adapters.destinations.sp4n import simulator as sp4n_simulator
from adapters.simulator import Book, FaultRule, Simulator
from gateway.access import make_credential
from gateway.app import Gateway, opened, worker_of
from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.channels import add_channel, add_credential
from gateway.ledger.values import BalanceRow, ChannelRow, CredentialRow, HandoffRow, ReportRecord
from gateway.ledger.views import show_report
from gateway.settings import Settings, load_settings
from gateway.web import api_of
from schemas.handoff import HandoffState
from tests.integration.backends import Backend

SP4N, MINISTRY = "sp4n", "kemenkes"
APP_SECRET, VERIFY_TOKEN = "rahasia-aplikasi-uji", "token-verifikasi-uji"
TARGET = 2
CALLBACK_SECRETS = ("whsec_" + "a2Vt" * 8, "whsec_" + "YmFy" * 8)
"""The ministry's: the one that it had, and the one that it changes to."""

PATIENCE = 30.0
FILLED = ("mode", "tls", "answers", "more", "read", "total", "quick", "longest", "horizon", "poll")

CONFIG = """\
destinations:
  sp4n:
    adapter: sp4n
    url: {sp4n}
    identity: true
    private_hosts: [127.0.0.1]
    secrets: {{token: token-uji, second_token: token-kedua-uji}}
    options:
      user_id: 1201
      institution_id: {institution}
      target_institution: {target}
      lookup_delay: 0.1
    limits: {{concurrency: 8}}
    timeouts: {{connect: {read}, read: {read}, total: {total}}}
    retry: {{quick: {quick}, longest: {longest}, horizon: {horizon}, jitter: 0}}
    polling: {{soonest: {poll}, longest: {poll}, jitter: 0}}
  kemenkes:
    adapter: ministry_rest
    url: {ministry}
    private_hosts: [127.0.0.1]
    secrets: {{signing_secret: {signing}, callback_secret: "{callback}"}}
    options:
      path: /cases
      repeat: {mode}
      lookup_delay: 0.1
      tls: {tls}
      answers: {answers}
    limits: {{concurrency: 8}}
    timeouts: {{connect: {read}, read: {read}, total: {total}}}
    retry: {{quick: {quick}, longest: {longest}, horizon: {horizon}, jitter: 0}}
{conduct}{more}routes:
  default: [sp4n]
  rules:
    - name: kesehatan
      when: {{keywords: [puskesmas, rumah sakit, obat]}}
      to: [kemenkes]
"""


@dataclass(frozen=True)
class Plan:
    """How the simulators misbehave, how patient the gateway is with them, and what its configuration says of them."""

    sp4n_faults: Sequence[FaultRule] = ()
    ministry_faults: Sequence[FaultRule] = ()
    mode: str = "dedupes"
    read: str = "2s"
    total: str = "4s"
    quick: str = "[50ms, 100ms, 200ms]"
    longest: str = "1s"
    horizon: str = "60s"
    poll: str = "12h"
    gather: float = 0.0
    conduct: str = ""
    ministry_url: str = ""
    tls: str = "null"
    answers: str = "{}"
    more: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


class Simulators:
    """SP4N and one ministry, with their books."""

    def __init__(self, plan: Plan, folder: Path | None = None) -> None:
        sp4n, ministry = (Book(folder / f"{name}.jsonl" if folder else None) for name in (SP4N, MINISTRY))
        self.sp4n = Simulator(sp4n_simulator.simulated(), book=sp4n, faults=plan.sp4n_faults)
        self.ministry = Simulator(
            ministry_simulator.simulated(mode=plan.mode),  # type: ignore[arg-type]
            book=ministry,
            faults=plan.ministry_faults,
        )

    async def __aenter__(self) -> Simulators:
        await self.sp4n.start()
        await self.ministry.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.sp4n.stop()
        await self.ministry.stop()

    def complaints(self, tracking_code: str | None = None) -> list[dict[str, Any]]:
        """The complaints that SP4N took, or those of one report."""
        return [one for one in self.sp4n.book.of("complaint") if _mentions(one, tracking_code)]

    def cases(self, tracking_code: str | None = None) -> list[dict[str, Any]]:
        """The cases that the ministry took, or those of one report."""
        return [one for one in self.ministry.book.of("case") if _mentions(one, tracking_code)]


@dataclass
class Installation:
    """A running gateway, its simulators, and an HTTP client that posts to it as a channel would."""

    gateway: Gateway
    simulators: Simulators
    api: httpx.AsyncClient
    key: str

    @property
    def ledger(self) -> Ledger:
        return self.gateway.ledger

    async def post(self, *submissions: dict[str, Any]) -> list[dict[str, Any]]:
        """Post reports as the channel service `aplikasi`; each must be accepted."""
        answer = await self.api.post("/v1/reports", json=list(submissions), headers=self.bearer)
        assert answer.status_code == 202, answer.text
        accepted: list[dict[str, Any]] = answer.json()
        return accepted

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    async def whatsapp(self, *messages: dict[str, Any]) -> httpx.Response:
        """Deliver messages as Meta would, signed."""
        body = json.dumps(whatsapp_delivery(*messages)).encode()
        headers = {"x-hub-signature-256": signature(body), "content-type": "application/json"}
        return await self.api.post("/v1/channels/wa/webhook", content=body, headers=headers)

    async def record(self, wanted: str) -> ReportRecord:
        """Everything about a report, by tracking code or id."""
        found = await self.ledger.read(show_report, wanted)
        assert found is not None
        return found

    async def handoffs(self, wanted: str) -> dict[str, HandoffRow]:
        """The report's own handoffs by destination."""
        return {row.destination: row for row in (await self.record(wanted)).handoffs if row.kind == "report"}

    async def settled(self, wanted: str) -> dict[str, HandoffRow]:
        """The report's handoffs once none of them is pending."""

        async def done() -> bool:
            record = await self.record(wanted)
            return all(row.state is not HandoffState.PENDING for row in record.handoffs)

        await until(done)
        return await self.handoffs(wanted)

    async def books(self) -> list[BalanceRow]:
        """The balance."""
        return await self.ledger.read(balance)


@asynccontextmanager
async def installation(
    folder: Path, backend: Backend, plan: Plan | None = None, clock: Clock | None = None
) -> AsyncIterator[Installation]:
    """A gateway that works, until the end of the block; then it drains and the books must balance."""
    plan = plan or Plan()
    async with AsyncExitStack() as stack:
        simulators = await stack.enter_async_context(Simulators(plan))
        settings = write_settings(folder, backend, plan, simulators)
        await migrated(settings)
        gateway = await stack.enter_async_context(opened(settings, clock))
        key = await make_channels(gateway)
        stop = asyncio.Event()
        worker = worker_of(gateway)
        running = asyncio.create_task(worker.run(stop))
        transport = httpx.ASGITransport(app=api_of(gateway, worker), raise_app_exceptions=False)
        api = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://gateway"))
        try:
            yield Installation(gateway, simulators, api, key)
        finally:
            stop.set()
            await running
        assert [row for row in await gateway.ledger.read(balance) if row.difference] == []


def write_settings(folder: Path, backend: Backend, plan: Plan, simulators: Simulators) -> Settings:
    """The configuration file of the installation, and the settings that name it."""
    config = folder / "gateway.yaml"
    config.write_text(
        CONFIG.format(
            sp4n=simulators.sp4n.url,
            ministry=plan.ministry_url or simulators.ministry.url,
            institution=sp4n_simulator.INSTITUTION_ID,
            target=TARGET,
            signing=ministry_simulator.SECRET,
            conduct="".join(f"    {line}\n" for line in plan.conduct.splitlines()),
            callback=" ".join(CALLBACK_SECRETS),
            **{name: getattr(plan, name) for name in FILLED},
        )
    )
    given: dict[str, Any] = {
        "data_dir": folder / "data",
        "database_url": backend.database_url,
        "broker_url": backend.broker_url,
        "queue_prefix": backend.queue_prefix,
        "gather_seconds": plan.gather,
        "sweep_interval": 0.05,
        "checkpoint_interval": 0.1,
        "grace": 10,
        **plan.settings,
    }
    return load_settings(config_file=config, **given)


async def migrated(settings: Settings) -> None:
    """Bring the tables up to date."""
    ledger = await Ledger.open(settings.ledger_url)
    try:
        await ledger.migrate()
    finally:
        await ledger.close()


async def make_channels(gateway: Gateway) -> str:
    """The channels `aplikasi` (native) and `wa` (WhatsApp); returns the key of the first."""
    now = gateway.clock.now()
    secrets = {"app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "access_token": "token-media-uji"}
    sealed, master = gateway.vault.seal_secrets("wa", secrets)
    await gateway.ledger.write(add_channel, ChannelRow("aplikasi", "native", now, {}), "uji")
    await gateway.ledger.write(add_channel, ChannelRow("wa", "whatsapp", now, {}, sealed, master), "uji")
    made = make_credential(os.urandom(40))
    await gateway.ledger.write(add_credential, CredentialRow(made.id, "aplikasi", made.digest, now), "uji")
    return made.key


def whatsapp_delivery(*messages: dict[str, Any]) -> dict[str, Any]:
    """One POST of the Cloud API with these messages."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "622150000000", "phone_number_id": "1000000001"},
        "contacts": [{"profile": {"name": "Warga Uji"}, "wa_id": "6281200000001"}],
        "messages": list(messages),
    }
    entry = {"id": "2000000002", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def whatsapp_text(identity: str, body: str, sender: str = "6281200000001") -> dict[str, Any]:
    """A text message of the Cloud API."""
    stamp = str(int(datetime.now(UTC).timestamp()))
    return {"from": sender, "id": f"wamid.{identity}", "timestamp": stamp, "type": "text", "text": {"body": body}}


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    """Meta's signature over the raw bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Return when the condition holds; fail when it does not within `seconds`. It is looked at less and less often."""
    pause = 0.02
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(pause)
            pause = min(1.2 * pause, 0.2)


def _mentions(entry: dict[str, Any], tracking_code: str | None) -> bool:
    return tracking_code is None or tracking_code in json.dumps(entry)
