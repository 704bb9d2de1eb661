"""Cases of notices, and the two ends of a call to a vendor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.answering import simulator as vendors
from adapters.channels import CHANNELS
from adapters.contract import AnsweringChannel, Case, ChannelEntry, Destination, ReplyAddress
from adapters.simulator import Book, FaultRule, Simulator
from schemas.handoff import HandoffKind
from schemas.notice import Notice, NoticePurpose
from tests.fakes.cases import TRACKING_CODE, a_case

AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
ADDRESS = ReplyAddress("6281200000001", "1000000001", "wamid.1")


def a_notice(**changes: Any) -> Notice:
    values = {
        "purpose": NoticePurpose.ACKNOWLEDGED,
        "text_id": f"Laporan Anda sudah kami terima.\nKode: {TRACKING_CODE}",
        "text_en": f"We have your report.\nCode: {TRACKING_CODE}",
        "tracking_code": TRACKING_CODE,
        "created_at": AT,
    }
    return Notice.model_validate(values | changes)


def a_telling(**changes: Any) -> Case:
    """The case of a notice; the reporter wrote a minute before."""
    told: dict[str, Any] = {"notice": a_notice(), "reply": ADDRESS, "heard_at": AT - timedelta(minutes=1)}
    return replace(a_case(kind=HandoffKind.NOTICE, messages=(), parameters={}), **(told | changes))


def voice(kind: str, secrets: Mapping[str, str], options: Mapping[str, Any]) -> Destination | None:
    adapter = CHANNELS[kind]
    assert isinstance(adapter, AnsweringChannel)
    return adapter.answering(ChannelEntry(f"@{kind}", secrets, {"answers": True, **options}))


@asynccontextmanager
async def vendor(*faults: FaultRule) -> AsyncIterator[Simulator]:
    simulator = Simulator(vendors.simulated(), book=Book(), faults=faults)
    await simulator.start()
    try:
        yield simulator
    finally:
        await simulator.stop()
