"""A ledger that is filled for a measurement is as a ledger of real reports would be."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from benchmarks.filling import TABLES, fill
from tests.integration.backends import PRODUCTION, backend
from tests.integration.installation import installation, until

LATER = ("case_watch", "case_clocks")
"""The gateway at work writes these when it comes to it, in the middle of the copying too."""
pytestmark = [pytest.mark.postgresql, pytest.mark.rabbitmq]


async def test_copies_of_real_reports_fill_every_table_alike_and_reach_the_journal(tmp_path: Path) -> None:
    with backend(PRODUCTION, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            texts = ("Obat di puskesmas Cibiru habis sejak dua minggu.", "Jalan di depan pasar Ujungberung berlubang.")
            posted = await it.post(*({"message_id": f"m{at}", "content": text} for at, text in enumerate(texts)))
            for each in posted:
                await it.settled(each["tracking_code"])
            connection = await asyncpg.connect(place.database_url)
            try:
                before, indexes = await _counts(connection), await connection.fetch(_INDEXES)
                assert await fill(place.database_url, 10) == 10
                assert await _counts(connection) == {table: count * 5 for table, count in before.items()}
                assert await connection.fetchval("SELECT count(DISTINCT tracking_code) FROM reports") == 10
                assert await fill(place.database_url, 40) == 40  # filled already, it is filled further
                assert await _counts(connection) == {table: count * 20 for table, count in before.items()}
                assert await connection.fetchval(_ORPHANS) == 0
                assert await connection.fetch(_INDEXES) == indexes
                await until(lambda: _all_logged(connection))
            finally:
                await connection.close()


_ORPHANS = "SELECT count(*) FROM attempts a LEFT JOIN handoffs h ON h.id = a.handoff_id WHERE h.id IS NULL"
_INDEXES = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
_LEFT = "SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM results) - (SELECT size FROM log_head)"


async def _counts(connection: asyncpg.Connection) -> dict[str, int]:
    written = [table for table in TABLES if table not in LATER]
    return {table: int(await connection.fetchval(f"SELECT count(*) FROM {table}")) for table in written}


async def _all_logged(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval(_LEFT) == 0)
