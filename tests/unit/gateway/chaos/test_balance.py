"""Every promise that a run of faults could break is named when it is broken, and only then."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from adapters.simulator import Book
from gateway.chaos.balance import broken_promises, doubles, takings
from gateway.chaos.regime import Accepted, Part, Taking
from gateway.ledger.recount import Recount
from gateway.ledger.values import HandoffRow
from schemas.handoff import Evidence, HandoffKind, HandoffState, Repeat

NOW = datetime(2026, 3, 1, tzinfo=UTC)
REPORT, HANDOFF, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
CODE = "K7RM-4XQ9-HT3C"
SP4N, ASKED = Part("sp4n", "sp4n", Repeat.NEITHER), Part("dinas", "ministry", Repeat.LOOKUP)
KEPT = {"pesan-1": Accepted(str(REPORT), CODE)}
COMPLAINT, PASSED_ON = Taking("sp4n", "complaint", CODE, "5001"), Taking("sp4n", "pass_on", CODE, "5001")


def handoff(**values: Any) -> HandoffRow:
    usual: dict[str, Any] = {
        "id": HANDOFF,
        "report_id": REPORT,
        "channel": "chaos",
        "destination": "sp4n",
        "kind": HandoffKind.REPORT,
        "first_sequence": 0,
        "last_sequence": 0,
        "parameters": {},
        "state": HandoffState.DELIVERED,
        "progress": {},
        "uncertain_step": None,
        "released": False,
        "tries": 2,
        "step_tries": 0,
        "due_at": None,
        "rung_at": None,
        "owner": None,
        "priority": 1,
        "clock_from": NOW,
        "stage": None,
        "reason": None,
        "evidence": Evidence.REFERENCED,
        "reference": "5001",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return HandoffRow(**usual | values)


def seen(*handoffs: HandoffRow, **values: Any) -> Recount:
    usual: dict[str, Any] = {
        "reports": {str(REPORT): CODE},
        "handoffs": list(handoffs or [handoff()]),
        "attempts": Counter({(HANDOFF, "complaint"): 2, (HANDOFF, "pass_on"): 2, (HANDOFF, "post"): 2}),
        "outcomes": Counter({(HANDOFF, "complaint", "delivered"): 1}),
        "releases": Counter(),
        "released_by": Counter(),
        "aside": frozenset(),
        "reaped": 0,
    }
    return Recount(**usual | values)


def broken(what: Recount, *taken: Taking, kept: dict[str, Accepted] | None = None) -> list[str]:
    told = broken_promises(what, [SP4N, ASKED], taken or (COMPLAINT, PASSED_ON), KEPT if kept is None else kept)
    return [one.partition(":")[0] for one in told]


def test_a_report_that_was_delivered_once_breaks_nothing() -> None:
    assert broken(seen()) == []


def test_a_report_that_got_its_202_and_is_not_there_is_lost() -> None:
    assert broken(seen(reports={str(REPORT): CODE}), kept={**KEPT, "b": Accepted(str(OTHER), "AAAA")}) == ["lost"]


def test_a_report_that_nobody_is_owed_is_lost_unless_it_waits_for_a_person() -> None:
    elsewhere = handoff(report_id=OTHER, state=HandoffState.PARKED, reason="refused")
    explained = {"outcomes": Counter({(HANDOFF, "complaint", "refused"): 1}), "reports": {str(REPORT): CODE}}
    nothing = Taking("dinas", "post", "-", "-")
    assert "lost" in broken(seen(elsewhere, **explained), nothing)
    assert "lost" not in broken(seen(elsewhere, aside=frozenset({str(REPORT)}), **explained), nothing)


def test_two_messages_that_were_told_the_same_report_are_named() -> None:
    assert broken(seen(), kept={**KEPT, "pesan-2": KEPT["pesan-1"]}) == ["lost"]


def test_a_report_that_no_message_was_told_of_is_a_double() -> None:
    more = {str(REPORT): CODE, str(OTHER): "AAAA-AAAA-AAAA"}
    assert broken(seen(reports=more)) == ["doubled"]


@pytest.mark.parametrize("values", [{"state": HandoffState.PENDING}, {"owner": OTHER}])
def test_what_has_not_come_to_an_end_is_named(values: dict[str, Any]) -> None:
    assert "not at rest" in broken(seen(handoff(**values)))


def test_what_is_uncertain_or_parked_must_be_explained_by_a_result() -> None:
    uncertain = handoff(state=HandoffState.UNCERTAIN, uncertain_step="complaint")
    parked = handoff(state=HandoffState.PARKED, reason="http_422")
    assert broken(seen(uncertain)) == broken(seen(parked)) == ["unexplained"]
    doubted = Counter({(HANDOFF, "complaint", "uncertain"): 1})
    assert broken(seen(uncertain, outcomes=doubted)) == broken(seen(parked, outcomes=doubted)) == []


def test_a_complaint_may_be_there_twice_only_as_often_as_it_was_doubted_and_released() -> None:
    twice = (COMPLAINT, replace(COMPLAINT, reference="5002"), PASSED_ON)
    doubted = Counter({(HANDOFF, "complaint", "uncertain"): 1})
    assert broken(seen(), *twice) == ["doubled"]
    assert broken(seen(outcomes=doubted), *twice) == ["doubled"]
    assert broken(seen(releases=Counter({HANDOFF: 1})), *twice) == ["doubled"]
    assert broken(seen(outcomes=doubted, releases=Counter({HANDOFF: 1})), *twice) == []
    assert sum(doubles(twice).values()) == 1


def test_what_can_be_asked_about_is_never_there_twice_whoever_released_it() -> None:
    row = handoff(destination="dinas", reference="KEM-1")
    cases = (Taking("dinas", "post", CODE, "KEM-1"), Taking("dinas", "post", CODE, "KEM-2"))
    doubted = {"outcomes": Counter({(HANDOFF, "post", "uncertain"): 1}), "releases": Counter({HANDOFF: 1})}
    assert broken(seen(row, **doubted), *cases) == ["doubled"]


def test_a_complaint_passed_on_twice_is_named() -> None:
    assert broken(seen(), COMPLAINT, PASSED_ON, PASSED_ON) == ["doubled"]


def test_what_was_taken_more_often_than_it_was_tried_had_no_row() -> None:
    assert "unrecorded" in broken(seen(attempts=Counter({(HANDOFF, "pass_on"): 1})))


def test_what_counts_as_delivered_must_lie_in_the_book_and_be_passed_on() -> None:
    assert broken(seen(handoff(reference="7")), COMPLAINT, PASSED_ON) == ["unfounded", "unfounded"]
    other = Taking("sp4n", "pass_on", "-", "6000")
    assert broken(seen(), COMPLAINT, other) == ["unrecorded", "unfounded"]


def test_the_books_of_destinations_are_read() -> None:
    book = Book()
    book.append({"kind": "complaint", "id": 5001, "fields": {"content": f"Obat habis.\nKode {CODE}"}})
    book.append({"kind": "pass_on", "complaint_id": 5001})
    assert takings(SP4N, book) == [COMPLAINT, PASSED_ON]
    cases = Book()
    cases.append({"kind": "case", "tracking_code": CODE, "reference": "KEM-1"})
    cases.append({"kind": "addition", "tracking_code": CODE, "reference": "KEM-1/1"})
    assert takings(ASKED, cases) == [Taking("dinas", "post", CODE, "KEM-1")]
