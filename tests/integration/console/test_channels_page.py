"""The page of channels: how much came, how much of it was turned away, and why."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.console.app import build_console
from gateway.ledger.channels import add_channel
from gateway.ledger.intake import park_inbound
from gateway.ledger.values import ChannelRow, KeyRow, ParkedInbound, ParkedRow
from gateway.metrics import Metrics
from gateway.roles import Role
from schemas.handoff import ParkStage
from schemas.ids import new_id
from tests.integration.console.stand import Stand


async def test_what_was_turned_away_is_told_by_channel_and_reason(stand: Stand) -> None:
    metrics, now = Metrics(), stand.clock.now()
    for result in ("kept", "bad_signature", "bad_signature", "invalid"):
        metrics.inbound("wa", result).inc()
    metrics.inbound("lain", "invalid").inc()
    for name in ("wa", "sepi"):
        await stand.desk.ledger.write(add_channel, ChannelRow(name, "native", now, {}), "uji")
    identity = new_id(now)
    strange = ParkedRow(identity, "wa", b"k" * 16, ParkStage.PARSE, "no_text", now, sealed_raw=b"x")
    await stand.desk.ledger.group(park_inbound, ParkedInbound(KeyRow(identity, b"w", "m"), strange))

    desk = replace(stand.desk, turned_away=metrics.turned_away)
    browser = await replace(stand, desk=desk, app=build_console(desk)).signed_in(Role.VIEWER)
    page = (await browser.get("/console/channels")).text
    told = {
        name: re.sub(r"<[^>]+>|\s+", " ", part).split("Ditolak sejak proses ini mulai")[1].split("Kunci")[0]
        for name, part in re.findall(r'aria-labelledby="c-(\w+)"(.*?)</section>', page, re.DOTALL)
    }
    assert " ".join(told["wa"].split()) == "2 tanda tangan salah · 1 tidak dapat dibaca"
    assert told["sepi"].strip() == "0"
    assert 'href="/console/review?stage=parse&amp;channel=wa">1</a>' in page
