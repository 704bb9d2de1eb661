"""How the checks and what was learned agree on a verdict."""

from __future__ import annotations

import pytest

from gateway.screen import ScreenContext
from gateway.screen.checks import Check, Effect, Sight
from schemas.screening import VerdictKind
from tests.unit.gateway.screen.test_screen import verdict_on


def judging(likely: float) -> Check:
    return Check("judge", Effect.JUDGE, lambda reading: Sight(likely, "learned"))


@pytest.mark.parametrize(
    ("likely", "verdict"),
    [(0.2, VerdictKind.ACCEPT), (0.5, VerdictKind.ASK), (0.8, VerdictKind.HOLD)],
)
def test_a_report_is_held_only_where_the_checks_and_what_was_learned_agree(likely: float, verdict: VerdictKind) -> None:
    against = Check("against", Effect.HOLD, lambda reading: Sight(0.7, "against"))
    assert verdict_on("x", context=ScreenContext(checks=(against, judging(likely)))).kind is verdict


def test_what_was_learned_alone_asks_and_never_holds() -> None:
    assert verdict_on("x", context=ScreenContext(checks=(judging(1.0),))).kind is VerdictKind.ASK


def test_what_plainly_speaks_for_a_report_is_heard_whatever_was_learned() -> None:
    plain = Check("for", Effect.KEEP, lambda reading: Sight(0.8, "for"))
    assert verdict_on("x", context=ScreenContext(checks=(plain, judging(1.0)))).kind is VerdictKind.ACCEPT
