"""A sender's past: it counts softly, beside other signs, and never alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.cli.labelled import Labelled
from gateway.screen import Past, ScreenContext, is_doubted, screen
from gateway.screen.checks import Check, Effect, Sight
from gateway.titles import UNTITLED
from schemas.report import Message, Report
from schemas.screening import Verdict, VerdictKind
from tests.unit.gateway.screen.test_messages import APART, FINAL, FRESH, NOW

WORST = Past(recent=100, junk=100)


def verdict_on(text: str, past: Past | None = None) -> Verdict:
    message = Message(sequence=0, received_at=NOW, text=text)
    return screen(Report(title=UNTITLED, content=text), message, context=ScreenContext(past=past))


def found(verdict: Verdict) -> set[str]:
    return {finding.check for finding in verdict.findings} & {"flooding_sender", "junk_before", "genuine_before"}


@pytest.mark.parametrize(
    ("past", "checks"),
    [
        (Past(), set()),
        (Past(recent=9, genuine=2, junk=2), set()),
        (Past(recent=10), {"flooding_sender"}),
        (Past(recent=30, junk=3), {"flooding_sender", "junk_before"}),
        (Past(genuine=3, junk=3), set()),
        (Past(genuine=3), {"genuine_before"}),
        (Past(genuine=9, junk=1), set()),
    ],
)
def test_each_check_has_its_count(past: Past, checks: set[str]) -> None:
    assert found(verdict_on("lampu jalan mati", past)) == checks


def test_what_is_asked_of_others_is_held_of_a_flooding_sender_and_says_why() -> None:
    text = "yang, jemput aku jam 5 ya"
    before, after = verdict_on(text), verdict_on(text, Past(recent=40, junk=4))
    assert (before.kind, after.kind) == (VerdictKind.ASK, VerdictKind.HOLD)
    told = {finding.check: finding.reason for finding in after.findings}
    assert told["flooding_sender"] == "its sender sent 40 reports within the hour before"
    assert told["junk_before"] == "4 reports of its sender were given up as none before"


def test_more_reports_weigh_more() -> None:
    [few], [many] = (
        [finding.score for finding in verdict_on("tes", past).findings if finding.check == "flooding_sender"]
        for past in (Past(recent=10), Past(recent=30))
    )
    assert few < many


@pytest.mark.many_rounds
@pytest.mark.parametrize("rows", [FINAL, APART, FRESH], ids=["final", "apart", "fresh"])
def test_the_worst_past_holds_no_more_than_one_genuine_report_in_a_hundred(rows: list[Labelled]) -> None:
    genuine = [row for row in rows if row.label == "genuine"]
    held = [row for row in genuine if verdict_on(row.text, WORST).kind is VerdictKind.HOLD]
    assert len(held) <= len(genuine) / 100


@pytest.mark.many_rounds
@pytest.mark.parametrize("rows", [FINAL, APART, FRESH], ids=["final", "apart", "fresh"])
def test_a_past_is_asked_for_wherever_it_could_change_the_verdict(rows: list[Labelled]) -> None:
    for row in rows:
        before = verdict_on(row.text)
        assert is_doubted(before) or verdict_on(row.text, WORST).kind is before.kind


@pytest.mark.parametrize(
    "text", ["kebakaran di pasar", "tulung omahe kobongan", "jalan desa cigugur bolong, tolong dibenerin"]
)
def test_an_emergency_and_a_plain_report_pass_whoever_sent_them(text: str) -> None:
    assert verdict_on(text, WORST).kind is VerdictKind.ACCEPT


def test_a_good_past_speaks_for_a_report() -> None:
    good = Past(genuine=5)
    assert verdict_on("anjir rek ngurus sim meni hese", replace(good, recent=1)).kind is not VerdictKind.HOLD
    assert "genuine_before" in found(verdict_on("anjir rek ngurus sim meni hese", good))


def test_only_what_reads_little_like_a_report_is_looked_up() -> None:
    assert is_doubted(verdict_on("yang, jemput aku jam 5 ya"))
    assert not is_doubted(verdict_on("lampu jalan mati di depan sekolah, mohon diperbaiki"))


@pytest.mark.parametrize(
    ("likely", "against", "verdict"),
    [
        (0.2, 0.3, VerdictKind.ACCEPT),
        (0.3, 0.0, VerdictKind.ACCEPT),
        (0.3, 0.3, VerdictKind.ASK),
        (0.99, 0.3, VerdictKind.HOLD),
    ],
)
def test_a_past_is_heard_beside_other_signs_only_where_it_reads_little_like_a_report(
    likely: float, against: float, verdict: VerdictKind
) -> None:
    checks = (
        Check("judge", Effect.JUDGE, lambda reading: Sight(likely, "learned")),
        Check("past", Effect.BESIDE, lambda reading: Sight(0.5, "past")),
        *((Check("against", Effect.HOLD, lambda reading: Sight(against, "against")),) if against else ()),
    )
    message = Message(sequence=0, received_at=NOW, text="x")
    context = ScreenContext(checks=checks)
    assert screen(Report(title=UNTITLED, content="x"), message, context=context).kind is verdict
