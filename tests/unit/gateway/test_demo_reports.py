"""The invented reports of the demonstration, and what screening makes of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from gateway.screen import ScreenContext, screen
from schemas.report import Message, Report, ReportSubmission
from schemas.screening import VerdictKind
from schemas.vocabulary import Classification

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (files("gateway") / "demo" / "reports.jsonl").read_text(encoding="utf-8").splitlines()
]
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def submission(row: dict[str, Any]) -> ReportSubmission:
    given = {name: value for name, value in row.items() if name not in ("id", "kind", "channel", "text")}
    return ReportSubmission.model_validate({"message_id": row["id"], "content": row["text"], **given})


def verdict(row: dict[str, Any]) -> VerdictKind:
    given = submission(row)
    report = Report(
        title=given.title or "Laporan tanpa judul",
        content=given.content,
        classification=given.classification,
        category_id=given.category_id,
        agency=given.agency,
        location=given.location,
    )
    context = ScreenContext(title_written=given.title is not None)
    return screen(report, Message(sequence=0, received_at=NOW, text=given.content), context=context).kind


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [row for row in ROWS if row["kind"] == kind]


def test_every_sample_is_a_submission_with_a_reporter() -> None:
    assert [row["id"] for row in ROWS if submission(row).reporter is None] == []
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_there_are_enough_samples_of_every_kind_channel_and_class() -> None:
    assert len(of_kind("genuine")) >= 60
    assert len(of_kind("junk")) >= 15
    assert {row["channel"] for row in ROWS} == {"native", "whatsapp"}
    classes = Counter(row["classification"] for row in ROWS if "classification" in row)
    assert set(classes) == {one.value for one in Classification} - {Classification.UNKNOWN.value}


def test_phone_numbers_are_plainly_invented() -> None:
    assert [row["id"] for row in ROWS if not re.fullmatch(r"\+62812000\d{5}", row["reporter"]["phone"])] == []


def test_no_genuine_sample_is_held_or_asked_about() -> None:
    assert [row["text"] for row in of_kind("genuine") if verdict(row) is not VerdictKind.ACCEPT] == []


def test_four_fifths_of_the_junk_are_held_or_asked_about() -> None:
    junk = of_kind("junk")
    stopped = [row for row in junk if verdict(row) in (VerdictKind.HOLD, VerdictKind.ASK)]
    assert len(stopped) >= 0.8 * len(junk)
