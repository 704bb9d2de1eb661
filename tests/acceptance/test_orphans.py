"""The process dies after it stored a file and before the row is committed: the file is collected, and only that."""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta
from pathlib import Path

from gateway.app import opened
from gateway.collecting import SAFE_AGE, collect_orphans
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import site
from tests.acceptance.promises import settled, strays
from tests.integration.backends import EMBEDDED, backend


async def test_a_file_whose_row_was_never_committed_is_collected(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with site(tmp_path, place) as it, ChannelService(it) as channel:
            running = await it.open(SP4N_GATEWAY_FAILPOINT="ledger.keep_reports.before_commit")
            handing_in = asyncio.create_task(channel.hand_in(submission(1, photo=True)))
            assert await running.ended() == -signal.SIGKILL
            again = await it.open()
            await handing_in
            seen = await settled(it)
            assert strays(it, seen) == 1
            await again.kill()
            async with opened(it.settings) as gateway:
                later = gateway.files.now() + SAFE_AGE + timedelta(hours=1)
                assert await collect_orphans(gateway.files, later) == 1
                assert await collect_orphans(gateway.files, later) == 0
            assert strays(it, seen) == 0
