"""What is told about a report and does not stop it, and what stops by what it lacks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.screen import ScreenContext, names_emergency, screen
from schemas.report import Message, Report
from schemas.screening import Verdict, VerdictKind

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def verdict_on(text: str, **fields: object) -> Verdict:
    report = Report.model_validate({"title": "Laporan tanpa judul", "content": text, **fields})
    return screen(report, Message(sequence=0, received_at=NOW, text=text), context=ScreenContext())


def names(verdict: Verdict) -> set[str]:
    return {finding.check for finding in verdict.findings}


@pytest.mark.parametrize(
    ("text", "check", "body"),
    [
        ("putusan pengadilan negeri atas tanah kami tidak adil", "court_matter", "Komisi Yudisial"),
        ("mohon revisi uu ketenagakerjaan segera disahkan", "legislation", "DPR"),
        ("kepala dinas korupsi dana jalan", "corruption", "KPK"),
        ("rumah saya kemalingan di desa sukamaju", "crime", "Polri"),
        ("kebakaran di pasar", "emergency", "112"),
    ],
)
def test_what_others_must_take_up_is_pointed_to_them_and_never_held(text: str, check: str, body: str) -> None:
    verdict = verdict_on(text)
    assert verdict.kind is VerdictKind.ACCEPT
    assert [body in finding.reason for finding in verdict.findings if finding.check == check] == [True]


@pytest.mark.parametrize("text", ["tikungan itu sering kecelakaan", "tahun lalu ada kebakaran, bantuan belum turun"])
def test_danger_that_is_past_or_feared_is_no_emergency_and_speaks_for_a_report(text: str) -> None:
    verdict = verdict_on(text)
    assert verdict.kind is VerdictKind.ACCEPT
    assert "danger" in names(verdict)
    assert not names_emergency(verdict)


def test_danger_that_was_there_before_and_is_there_now_is_an_emergency() -> None:
    assert names_emergency(verdict_on("sering banjir, sekarang nenek saya terjebak di dalam rumah"))


def test_an_impossible_nik_is_noticed_and_does_not_stop_a_report() -> None:
    wrong, right = "9999999999999999", "3204110506900003"
    verdict = verdict_on(f"ktp saya hilang di kecamatan, nik {wrong}, mohon dibantu")
    assert (verdict.kind, "impossible_nik" in names(verdict)) == (VerdictKind.ACCEPT, True)
    assert "impossible_nik" not in names(verdict_on(f"ktp saya hilang, nik {right}"))


@pytest.mark.parametrize("text", ["woi min gabut nih", "jodohin saya dong pak", "beli followers murah 10rb", "ping"])
def test_pranks_and_offers_are_stopped_by_what_they_lack(text: str) -> None:
    assert verdict_on(text).kind is not VerdictKind.ACCEPT


@pytest.mark.parametrize("fields", [{}, {"is_anonymous": True}, {"is_anonymous": True, "is_secret": True}])
def test_to_stay_unnamed_counts_against_nobody(fields: dict[str, bool]) -> None:
    assert verdict_on("lampu jalan mati", **fields) == verdict_on("lampu jalan mati")
