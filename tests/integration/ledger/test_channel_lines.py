"""A channel that is changed while a worker runs answers with its new options, or not at all."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adapters.channels import CHANNELS
from gateway.channel_lines import SILENT, ChannelLines
from gateway.channels import changed_channel, make_channel
from gateway.keyring import make_key_ring
from gateway.ledger import Ledger
from gateway.ledger.channels import add_channel, change_channel, close_channel, load_channel
from gateway.ledger.notices import owe_notices
from gateway.ledger.values import NewNotice
from gateway.vault import Vault
from schemas.handoff import HandoffState
from schemas.notice import NoticePurpose
from tests.integration.ledger.doing import handoff, keep
from tests.integration.ledger.making import CHANNEL, LATER, NOW, SP4N, a_report, new_id

VAULT = Vault(make_key_ring(os.urandom))
SECRETS = {"app_secret": "rahasia-uji", "verify_token": "verifikasi-uji", "access_token": "akses-uji"}
AT_CHANNEL = f"@{CHANNEL}"


@pytest.fixture
async def lines(ledger: Ledger) -> ChannelLines:
    """A look at a ledger with one channel that answers."""
    options = {"answers": True}
    row = make_channel(VAULT, CHANNELS["whatsapp"], CHANNEL, secrets=SECRETS, options=options, now=NOW)
    await ledger.write(add_channel, row, "uji")
    clock = cast(Any, SimpleNamespace(now=lambda: LATER, monotonic=lambda: 0.0))
    return ChannelLines(ledger, VAULT, CHANNELS, clock)


async def change(ledger: Ledger, **options: Any) -> bool:
    row = await ledger.read(load_channel, CHANNEL)
    assert row is not None
    changed = changed_channel(VAULT, CHANNELS["whatsapp"], row, secrets={}, options={**row.options, **options})
    return await ledger.write(change_channel, changed, "uji", LATER, list(options))


async def look(lines: ChannelLines, *busy: str) -> tuple[list[str], list[str]]:
    turnover = await lines.look(busy)
    return list(turnover.opened), list(turnover.closed)


async def test_a_changed_channel_is_closed_first_and_opened_once_its_lane_is_empty(
    ledger: Ledger, lines: ChannelLines
) -> None:
    assert await look(lines) == ([AT_CHANNEL], [])
    assert await look(lines, AT_CHANNEL) == ([], [])
    assert await change(ledger, graph_url="https://graph.example")
    assert await look(lines, AT_CHANNEL) == ([], [AT_CHANNEL])
    assert await look(lines, AT_CHANNEL) == ([], [])
    assert await look(lines) == ([AT_CHANNEL], [])


async def test_what_is_owed_to_a_channel_that_was_silenced_is_parked_with_the_reason(
    ledger: Ledger, lines: ChannelLines
) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    notice = NewNotice(
        new_id(NOW), report.report.id, CHANNEL, NoticePurpose.ACKNOWLEDGED, "first", b"sealed notice", NOW, NOW
    )
    await ledger.write(owe_notices, [notice])
    await look(lines)
    await change(ledger, answers=False)
    assert await look(lines) == ([], [AT_CHANNEL])
    parked = await handoff(ledger, notice.id)
    assert (parked.state, parked.reason) == (HandoffState.PARKED, SILENT)


async def test_a_closed_channel_cannot_be_changed(ledger: Ledger, lines: ChannelLines) -> None:
    await ledger.write(close_channel, CHANNEL, "uji", LATER)
    assert await change(ledger, answers=False) is False
