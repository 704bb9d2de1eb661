"""The process that lends a case to a ministry is killed before the ministry hears of it: the lease brings it back."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.inbox_access import make_inbox_key
from gateway.ledger.inbox_keys import add_inbox_key
from schemas.handoff import HandoffState, ResultSource
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import Site, site
from tests.acceptance.promises import look, settled
from tests.integration.backends import EMBEDDED, backend

DESA = "desa"
ENTRY = "  desa:\n    adapter: inbox\n    url: inbox://desa\n    options: {lease: 1}\n"


@pytest.mark.timeout(300)
async def test_a_case_that_nobody_got_before_the_death_is_lent_again(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with site(tmp_path, place) as it, ChannelService(it) as channel:
            key = await make_inbox(it)
            running = await it.open(SP4N_GATEWAY_FAILPOINT="inbox.recorded")
            await channel.hand_in(submission(1))
            assert await fetched(it, key) is None
            assert await running.ended() == -signal.SIGKILL
            await it.open()
            [message] = await fetched(it, key) or []
            assert message["attempt"] == 2
            await said(it, key, f"{message['handoff']}/ack")
            seen = await settled(it)
            [row] = [one for one in seen.handoffs if one["destination"] == DESA]
            made = [one["id"] for one in (await look(it)).attempts if one["handoff_id"] == row["id"]]
            sources = [one["source"] for one in seen.results if one["attempt_id"] in made]
            assert (row["state"], sources) == (HandoffState.DELIVERED, [ResultSource.REAPER, ResultSource.REPLY])


async def make_inbox(it: Site) -> str:
    """The default destination is an inbox; the key to it."""
    config = it.settings.config_file
    assert config is not None
    text = config.read_text("utf-8").replace("destinations:\n", f"destinations:\n{ENTRY}")
    config.write_text(text.replace("default: [sp4n]", f"default: [{DESA}]"), "utf-8")
    row, key = make_inbox_key(DESA, os.urandom(40), datetime.now(UTC))
    await it.ledger.write(add_inbox_key, row, "uji")
    return key


async def fetched(it: Site, key: str) -> list[dict[str, Any]] | None:
    """What the ministry gets; None when the line breaks."""
    try:
        async with httpx.AsyncClient(base_url=it.address or "", timeout=90) as client:
            answer = await client.get(f"/v1/inbox/{DESA}?wait=60", headers={"authorization": f"Bearer {key}"})
    except httpx.TransportError:
        return None
    assert answer.status_code == 200, answer.text
    messages: list[dict[str, Any]] = answer.json()["messages"]
    return messages


async def said(it: Site, key: str, what: str) -> None:
    async with httpx.AsyncClient(base_url=it.address or "", timeout=30) as client:
        answer = await client.post(f"/v1/inbox/{DESA}/{what}", json={}, headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
