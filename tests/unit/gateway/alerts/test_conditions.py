"""A condition holds from its limit on, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.alerts.conditions import Kind, Limits, Sight, conditions
from gateway.alerts.words import WORDS, explained

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CALM = Sight(NOW, gates={"sp4n": "open", "kemenkes": "outside hours"}, verified=(NOW - timedelta(hours=1), True))
LIMITS = Limits(unverified=3600.0 * 48)
SECOND = timedelta(seconds=1)


def kinds(**seen: Any) -> list[tuple[Kind, str]]:
    return [(one.kind, one.subject) for one in conditions(replace(CALM, **seen), LIMITS)]


def test_where_all_is_well_nothing_is_said() -> None:
    assert kinds() == []


@pytest.mark.parametrize("state", ["breaker open", "breaker half-open"])
def test_a_breaker_that_is_not_closed_is_a_destination_that_is_down(state: str) -> None:
    assert kinds(gates={"sp4n": state}) == [(Kind.DESTINATION_DOWN, "sp4n")]


@pytest.mark.parametrize(
    ("kind", "subject", "at_limit", "below"),
    [
        (Kind.BACKLOG_OLD, "sp4n", {"late": {"sp4n": (3, NOW - timedelta(minutes=15))}},
         {"late": {"sp4n": (3, NOW - timedelta(minutes=15) + SECOND)}}),
        (Kind.PARKED_GROWTH, "sp4n", {"parked": {"sp4n": 20}}, {"parked": {"sp4n": 19}}),
        (Kind.DISK, "files", {"free": {"files": 1024**3 - 1}}, {"free": {"files": 1024**3}}),
        (Kind.CERTIFICATE, "sp4n", {"certificates": {"sp4n": NOW + timedelta(days=14)}},
         {"certificates": {"sp4n": NOW + timedelta(days=14, seconds=1)}}),
        (Kind.JOURNAL_UNSIGNED, "-", {"unsigned_since": NOW - timedelta(minutes=10)},
         {"unsigned_since": NOW - timedelta(minutes=10) + SECOND}),
        (Kind.JOURNAL_UNVERIFIED, "-", {"verified": (NOW - timedelta(hours=48), True)},
         {"verified": (NOW - timedelta(hours=48) + SECOND, True)}),
    ],
)  # fmt: skip
def test_a_limit_is_where_it_begins(kind: Kind, subject: str, at_limit: Any, below: Any) -> None:
    assert (kinds(**at_limit), kinds(**below)) == ([(kind, subject)], [])


def test_a_journal_that_is_not_whole_is_said_and_one_that_nobody_verified_is_not() -> None:
    assert kinds(verified=(NOW, False)) == [(Kind.JOURNAL_BROKEN, "-")]
    assert kinds(verified=None) == []


def test_a_ledger_that_went_back_is_said_as_long_as_everything_is_held_for_it() -> None:
    assert kinds(held_since=NOW) == [(Kind.LEDGER_WENT_BACK, "-")]


def test_the_laws_clocks_and_what_was_not_delivered_are_said_by_destination() -> None:
    clocks = {("sp4n", "broken"): 2, ("kemenkes", "approaching"): 1}
    expected = [(Kind.CLOCK_BROKEN, "sp4n"), (Kind.CLOCK_APPROACHING, "kemenkes")]
    assert kinds(clocks=clocks) == expected
    assert kinds(not_delivered={"sp4n": 1}) == [(Kind.NOT_DELIVERED, "sp4n")]


def test_every_alert_is_explained_in_both_languages_with_its_figures() -> None:
    seen = Sight(
        NOW,
        gates={"d": "breaker open"},
        late={"d": (3, NOW - timedelta(hours=1))},
        parked={"d": 40},
        not_delivered={"d": 2},
        clocks={("d", "broken"): 1, ("d", "approaching"): 1},
        verified=(NOW - timedelta(days=9), False),
        unsigned_since=NOW - timedelta(hours=1),
        held_since=NOW,
        free={"files": 0},
        certificates={"d": NOW - timedelta(days=1)},
    )
    found = conditions(seen, LIMITS)
    told = [text for one in found for text in explained(one.kind, one.subject, one.detail).values()]
    assert {one.kind for one in found} == set(WORDS) == set(Kind)
    assert [text for text in told if "{" in text["id"] or "{" in text["en"] or text["id"] == text["en"]] == []
    assert explained(found[1].kind, "d", found[1].detail)["title"]["id"] == "3 kiriman ke d sudah menunggu 60 menit"
