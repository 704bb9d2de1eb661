"""The commands of the page on operations, run as they stand there against real servers, with a loss in between."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from gateway.ledger import Ledger
from gateway.ledger.destinations import pause, resume
from gateway.ledger.tables import case_watch, handoffs, reports
from gateway.settings import variable
from schemas.handoff import Evidence, HandoffState
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import SERVE, Site, site
from tests.acceptance.promises import Ledgerful, broken_promises, settled
from tests.house.pages import ROOT, blocks
from tests.integration.backends import PRODUCTION, Backend, backend
from tests.integration.installation import MINISTRY, SP4N, Plan

PAGE = ROOT / "docs/operations.md"
TOOLS = ("bash", "pg_dump", "pg_restore", "createdb", "dropdb", "tar")

pytestmark = [pytest.mark.postgresql, pytest.mark.rabbitmq, pytest.mark.timeout(300)]


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Backend]:
    for tool in TOOLS:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    with backend(PRODUCTION, tmp_path) as made:
        yield made


def section(heading: str) -> str:
    """The commands of a section, as one program."""
    text = PAGE.read_text("utf-8").splitlines()
    begin = text.index(f"## {heading}")
    end = next((n for n, line in enumerate(text) if n > begin and line.startswith("## ")), len(text))
    found = [block.text for block in blocks(PAGE) if block.mark == "run" and begin < block.line <= end]
    assert found
    return "set -euo pipefail\n" + "\n".join(found)


def run(it: Site, heading: str) -> str:
    """Run a section's commands where an operator of this installation would; what they said."""
    settings = it.settings
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SP4N_GATEWAY_")}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}",
        "PYTHONPATH": str(ROOT),
        variable("config_file"): str(settings.config_file),
        variable("database_url"): settings.ledger_url,
        variable("broker_url"): settings.broker_url,
        variable("data_dir"): str(settings.data_dir),
        variable("keys_file"): str(settings.keys_path),
        "BACKUPS": str(it.folder / "backups"),
        "SAFE": str(it.folder / "safe"),
        "ARCHIVES": str(it.folder / "archives"),
    }
    program = section(heading).replace("sp4n_gateway_drill", f"{settings.queue_prefix}_drill")
    done = subprocess.run(
        ["bash", "-c", program], cwd=it.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def go_on(it: Site) -> Ledgerful:
    """Let the destinations have what waits for them."""
    for name in (SP4N, MINISTRY):
        await it.ledger.write(resume, name, "uji", datetime.now(UTC))
    return await settled(it)


async def test_after_a_loss_the_page_brings_back_what_was_saved_and_nothing_is_sent_twice(
    tmp_path: Path, servers: Backend
) -> None:
    async with site(tmp_path, servers, Plan(mode="lookup")) as it, ChannelService(it) as channel:
        running = await it.open(SERVE)
        for name in (SP4N, MINISTRY):
            await it.ledger.write(pause, name, "uji", "cadangan", datetime.now(UTC))
        await channel.hand_in_all((submission(number, photo=number == 0) for number in range(3)), 3)
        assert it.ledger.head_version() in run(it, "Upgrade")
        run(it, "Backup")
        await go_on(it)
        await running.kill()
        await it.ledger.close()
        assert "Ditandai / Marked: 6 handoff" in run(it, "Restore")
        it.ledger = await Ledger.open(it.settings.ledger_url)
        await it.open(SERVE)
        seen = await go_on(it)
        broken = await broken_promises(it, channel.kept)
        assert [one for one in broken if "attempts are recorded" not in one] == []  # those of the time that is lost
        states = {(row["destination"], row["state"], row["evidence"]) for row in seen.handoffs}
        assert states == {(MINISTRY, HandoffState.DELIVERED, Evidence.RECONCILED), (SP4N, HandoffState.UNCERTAIN, None)}
        assert (len(it.simulators.complaints()), len(it.simulators.cases())) == (3, 3)


async def test_content_of_old_reports_is_archived_beside_a_gateway_at_work_and_the_proof_stays(
    tmp_path: Path, servers: Backend
) -> None:
    async with site(tmp_path, servers, Plan()) as it, ChannelService(it) as channel:
        await it.open(SERVE)
        await channel.hand_in_all((submission(number) for number in range(3)), 3)
        await settled(it)
        await it.ledger.write(a_year_passes)
        await channel.hand_in_all((submission(number) for number in range(3, 5)), 2)

        said = run(it, "Archive")

        assert ("3 laporan / reports" in said, "UTUH / GENUINE" in said) == (True, True)
        await settled(it)
        assert await broken_promises(it, channel.kept) == []
        sealed = await it.ledger.read(lambda conn: conn.execute(select(reports.c.sealed_report)).scalars().all())
        assert sorted(len(content) > 0 for content in sealed) == [False] * 3 + [True] * 2


def a_year_passes(conn: Connection) -> None:
    """All that is here happened long ago, and came to its end."""
    then = datetime.now(UTC) - timedelta(days=500)
    conn.execute(update(reports).values(last_message_at=then))
    conn.execute(update(handoffs).values(updated_at=then, watched_at=then))
    conn.execute(update(case_watch).values(changed_at=then, next_poll_at=None, clocks_at=None))
