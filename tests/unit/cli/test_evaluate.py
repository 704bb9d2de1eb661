"""`evaluate`: figures from labelled messages, and rows that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.tree import app

ROWS = [
    {"text": "lampu jalan mati", "label": "genuine", "parent_category": "pekerjaan umum dan penataan ruang"},
    {"text": "tes 123", "label": "junk"},
    {"text": "jembatan putus", "title": "Jembatan"},
]


def evaluate(path: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["evaluate", str(path), *options])


def lines(folder: Path, *rows: object) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_json_lines_and_csv_give_the_same_figures(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(
        "text,title,label,parent_category\n"
        "lampu jalan mati,,genuine,PEKERJAAN UMUM DAN PENATAAN RUANG\ntes 123,,junk,\njembatan putus,Jembatan,,\n",
        encoding="utf-8",
    )
    told = json.loads(evaluate(lines(tmp_path, *ROWS), "--json").stdout)
    assert told == json.loads(evaluate(table, "--json").stdout)
    assert told["genuine"] == {"messages": 1, "held": 0.0, "asked": 0.0}
    assert told["junk"] == {"messages": 1, "stopped": 1.0, "held": 1.0, "asked": 0.0}
    assert told["categories"]["top_1"] == 1.0


def test_people_get_shares_and_never_a_text(tmp_path: Path) -> None:
    told = evaluate(lines(tmp_path, *ROWS, {**ROWS[0], "parent_category": "AGAMA"})).stdout
    assert "Laporan sungguhan / Genuine reports: 2" in told
    assert "top 1                    50.0%" in told
    assert "lampu" not in told


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "line 2 is no JSON"),
        ("[]", "line 2 is no JSON object"),
        ({"label": "junk"}, "line 2 has no `text`"),
        ({"text": "x", "title": 3}, "line 2: `title` must be a text"),
        ({"text": "x", "label": "spam"}, "line 2: `label` must be `genuine` or `junk`"),
        ({"text": "x", "parent_category": "AGAMAA"}, "line 2: `parent_category` names none"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_by_its_line(tmp_path: Path, row: object, problem: str) -> None:
    done = evaluate(lines(tmp_path, ROWS[0], row))
    assert done.exit_code == 2
    assert problem in done.stderr


def test_a_file_that_is_not_there_empty_or_without_text_is_told(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("label\njunk\n", encoding="utf-8")
    assert "cannot be read" in evaluate(tmp_path / "none.jsonl").stderr
    assert "holds no row" in evaluate(lines(tmp_path, "")).stderr
    assert "no column `text`" in evaluate(table).stderr
