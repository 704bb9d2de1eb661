"""`daily`: the report of a day on a terminal, as a sheet, on paper, as pictures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from gateway.daily.day import day_of
from tests.unit.cli.world import Cli, World


def test_a_day_is_told_in_each_form(cli: Cli, world: World, tmp_path: Path) -> None:
    today = day_of(datetime.now(UTC)).isoformat()
    told, sheet = cli("daily", today).stdout, cli("daily", today, "--csv").stdout
    document = json.loads(cli("daily", today, "--json").stdout)
    assert ("Laporan harian" in told, sheet.startswith("date,figure"), document["date"]) == (True, True, today)
    cli("daily", today, "--pdf", str(tmp_path / "hari.pdf"), "--charts", str(tmp_path / "gambar"))
    made = sorted(path.name.removeprefix(f"{today}-") for path in (tmp_path / "gambar").iterdir())
    assert ((tmp_path / "hari.pdf").read_bytes()[:5], made) == (
        b"%PDF-",
        [f"{name}.{kind}" for name in ("channels", "destinations", "hours") for kind in ("png", "svg")],
    )


def test_what_is_no_date_or_cannot_be_written_is_said(cli: Cli, world: World) -> None:
    assert [cli("daily", *words).exit_code for words in (("kemarin",), ("--pdf", "/proc/x/hari.pdf"))] == [2, 2]
