"""A change in the shape of replies is noticed when it is sure, and not before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.contract import Fault, Reply
from gateway.conduct import Drift
from gateway.sentinel import Sentinel
from gateway.shape import Learned
from schemas.handoff import Outcome, OutcomeKind

USUAL = {"receipt": {"reference": "A-1"}}
OTHER = {"data": {"id": "A-1"}}
CHANGED = "shape changed: /receipt gone, /data/id new"


def see(sentinel: Sentinel, document: Any, kind: OutcomeKind = OutcomeKind.DELIVERED, **more: Any) -> str | None:
    reply = Reply(**{"status": 201, "body": json.dumps(document).encode(), **more})
    return sentinel.see("create", reply, Outcome(kind=kind, reason="x"))


def taught(replies: int = 3, samples: int = 5) -> Sentinel:
    sentinel = Sentinel(Drift(samples, replies))
    for _ in range(samples):
        assert see(sentinel, USUAL) is None
    return sentinel


def test_before_there_are_enough_samples_nothing_is_a_change() -> None:
    sentinel = Sentinel(Drift(5, 1))
    for _ in range(4):
        see(sentinel, USUAL)
    assert see(sentinel, OTHER) is None


def test_so_many_changed_replies_in_a_row_are_a_change() -> None:
    sentinel = taught()
    assert [see(sentinel, OTHER, OutcomeKind.UNCERTAIN) for _ in range(3)] == [None, None, _named()]


def _named() -> str:
    return "shape changed: /receipt/reference gone, /data/id new"


def test_one_is_enough_if_that_is_said() -> None:
    assert see(taught(replies=1), OTHER, OutcomeKind.UNCERTAIN) == _named()


def test_after_it_was_told_it_is_counted_anew() -> None:
    sentinel = taught(replies=2)
    assert [see(sentinel, OTHER, OutcomeKind.UNCERTAIN) for _ in range(4)] == [None, _named(), None, _named()]


def test_a_changed_reply_among_others_is_another_way_to_say_it() -> None:
    sentinel = taught()
    see(sentinel, OTHER)
    see(sentinel, USUAL)
    assert [see(sentinel, OTHER) for _ in range(6)] == [None] * 6


def test_what_did_not_deliver_is_not_learned() -> None:
    sentinel = taught(replies=2)
    see(sentinel, OTHER, OutcomeKind.UNCERTAIN)
    see(sentinel, USUAL)
    assert [see(sentinel, OTHER, OutcomeKind.UNCERTAIN) for _ in range(2)] == [None, _named()]


@pytest.mark.parametrize("kind", [OutcomeKind.REFUSED, OutcomeKind.DEFERRED])
def test_a_success_with_an_error_inside_that_was_understood_has_a_shape_of_its_own(kind: OutcomeKind) -> None:
    assert see(taught(replies=1), {"error": "nama wajib diisi"}, kind) is None


@pytest.mark.parametrize(
    "more", [{"status": 500}, {"truncated": True}, {"fault": Fault("read_timeout", sent=True)}], ids=repr
)
def test_what_is_no_whole_success_is_not_looked_at(more: dict[str, Any]) -> None:
    assert see(taught(replies=1), OTHER, OutcomeKind.UNCERTAIN, **more) is None


def test_what_was_learned_is_handed_over_once_and_not_forgotten() -> None:
    sentinel = taught(replies=1)
    [(epoch, learned)] = sentinel.take_fresh().values()
    assert (epoch, learned.samples, dict(sentinel.take_fresh())) == (0, 5, {})
    assert see(sentinel, OTHER, OutcomeKind.UNCERTAIN) is not None


def test_what_others_learned_counts() -> None:
    teacher, pupil = taught(), Sentinel(Drift(5, 1))
    [(_, learned)] = teacher.take_fresh().values()
    pupil.recall("create", 0, learned)
    assert see(pupil, OTHER, OutcomeKind.UNCERTAIN) is not None


def test_when_a_new_shape_was_accepted_it_learns_anew() -> None:
    sentinel = taught(replies=2)
    see(sentinel, OTHER, OutcomeKind.UNCERTAIN)
    sentinel.recall("create", 1, None)
    assert [see(sentinel, OTHER) for _ in range(6)] == [None] * 6
    [(epoch, learned)] = sentinel.take_fresh().values()
    assert (epoch, learned.samples) == (1, 6)


def test_after_plenty_of_samples_only_news_is_learned() -> None:
    sentinel = taught(samples=2)
    known: Learned | None = None
    for _ in range(60):
        see(sentinel, USUAL)
    known = sentinel.take_fresh()["create"][1]
    assert known.samples == 20
    see(sentinel, USUAL)
    assert dict(sentinel.take_fresh()) == {}
    see(sentinel, {**USUAL, "extra": 1})
    assert "/extra" in sentinel.take_fresh()["create"][1].types
