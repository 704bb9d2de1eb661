"""What HTTP's statuses mean, the same at every destination that is reached by HTTP."""

from __future__ import annotations

from itertools import product

import pytest

from adapters.contract import Reply
from schemas.handoff import OutcomeKind
from tests.contracts.states import AT, states_of
from tests.contracts.subjects import OVER_HTTP, Subject

DEFERRED, REFUSED, UNCERTAIN = OutcomeKind.DEFERRED, OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN

STATUSES = {
    **dict.fromkeys((301, 307, 308, 401, 403, 404, 405, 408, 421, 423, 425, 429, 521, 522, 523), DEFERRED),
    **dict.fromkeys((400, 406, 410, 411, 413, 414, 415, 422, 431, 451), REFUSED),
    **dict.fromkeys((302, 303, 304, 500, 501, 502, 503, 504, 520, 524, 529, 599, 100, 0, 700), UNCERTAIN),
}

pytestmark = pytest.mark.parametrize("subject", OVER_HTTP, ids=lambda subject: subject.name)


@pytest.mark.parametrize(("status", "expected"), STATUSES.items(), ids=str)
async def test_a_status_means_the_same_everywhere(subject: Subject, status: int, expected: OutcomeKind) -> None:
    case, step = (await states_of(subject))[0]
    outcome = subject.destination().read(case, step, Reply(status=status, body=b"{}"), AT)
    assert (outcome.kind, outcome.final) == (expected, status == 410)


async def test_a_conflict_without_proof_is_never_a_delivery(subject: Subject) -> None:
    for case, step in await states_of(subject):
        outcome = subject.destination().read(case, step, Reply(status=409, body=b"{}"), AT)
        assert outcome.kind is not OutcomeKind.DELIVERED


async def test_retry_after_is_passed_on(subject: Subject) -> None:
    for case, step in await states_of(subject):
        for status, wish in product((429, 503), ("90", "Mon, 02 Mar 2026 01:21:30 GMT")):
            outcome = subject.destination().read(case, step, Reply(status, {"retry-after": wish}), AT)
            assert (outcome.kind, outcome.retry_after) == (DEFERRED, 90)


async def test_half_an_answer_leaves_it_open(subject: Subject) -> None:
    for case, step in await states_of(subject):
        reply = Reply(status=200, body=b'{"receipt": {"reference": "KEM-1"}, "complaint_id": 7}', truncated=True)
        assert subject.destination().read(case, step, reply, AT).kind is UNCERTAIN
