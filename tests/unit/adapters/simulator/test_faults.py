"""Rules of misbehaviour: how they are spelled, and which requests they spoil."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulator import FaultRule, parse_fault
from adapters.simulator.faults import AFTER, BEFORE, KINDS, Mischief
from adapters.simulator.misbehave import BROKEN, REPLACED
from schemas.errors import Invalid


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("stall_after", FaultRule("stall_after")),
        (
            "reset_after:request=3:path=/complaints/complaint$",
            FaultRule("reset_after", request=3, path="/complaints/complaint$"),
        ),
        ("status:status=429:retry_after=120:times=0", FaultRule("status", status=429, retry_after="120", times=0)),
        (
            "status:status=503:retry_after=Mon, 02 Mar 2026 08:02:00 GMT",
            FaultRule("status", status=503, retry_after="Mon, 02 Mar 2026 08:02:00 GMT"),
        ),
        ("trickle:seconds=0.5:method=POST", FaultRule("trickle", seconds=0.5, method="POST")),
        ("reset_before:probability=0.1:seed=7", FaultRule("reset_before", probability=0.1, seed=7, times=0)),
        ("html:probability=0.5:times=2", FaultRule("html", probability=0.5, times=2)),
        (" no_id:path=/a:b \n", FaultRule("no_id", path="/a:b")),
    ],
)
def test_a_rule_has_a_short_spelling(text: str, rule: FaultRule) -> None:
    assert parse_fault(text) == rule


@pytest.mark.parametrize("text", ["", "explode", "status:code=500", "status:status=viele", "trickle:seconds="])
def test_a_spelling_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_fault(text)


def test_every_kind_can_be_done() -> None:
    assert set(KINDS) - {"refused"} == set(BROKEN) | set(REPLACED)
    assert not set(BROKEN) & set(REPLACED)
    assert not set(BEFORE) & set(AFTER)


def _spoilt(rules: list[FaultRule], paths: list[str]) -> list[str | None]:
    mischief = Mischief(rules)
    met = [mischief.meet("POST", path) for path in paths]
    return [rule.kind if rule else None for rule in met]


def test_a_rule_spoils_the_first_request_and_no_more() -> None:
    assert _spoilt([FaultRule("html")], ["/a", "/a", "/a"]) == ["html", None, None]


def test_a_rule_can_begin_later_and_last_longer() -> None:
    assert _spoilt([FaultRule("html", request=2, times=2)], ["/a"] * 5) == [None, "html", "html", None, None]
    assert _spoilt([FaultRule("html", request=2, times=0)], ["/a"] * 4) == [None, "html", "html", "html"]


def test_only_matching_requests_are_counted() -> None:
    assert _spoilt([FaultRule("html", request=2, path="/b$")], ["/b", "/a", "/b", "/b"]) == [None, None, "html", None]
    assert _spoilt([FaultRule("html", method="GET")], ["/a"]) == [None]


def test_the_first_rule_that_wants_a_request_has_it_and_all_count_it() -> None:
    rules = [FaultRule("html", request=2), FaultRule("no_id", times=2)]

    assert _spoilt(rules, ["/a", "/a", "/a"]) == ["no_id", "html", None]


def test_chance_can_be_repeated() -> None:
    rules = [FaultRule("html", probability=0.5, times=0, seed=3)]
    first, second = (_spoilt(rules, ["/a"] * 200) for _ in range(2))

    assert first == second
    assert 60 < first.count("html") < 140


@given(st.text())
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = parse_fault(text)
    except Invalid:
        return
    assert rule.kind in KINDS
