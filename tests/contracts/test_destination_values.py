"""What is pure in every destination: requests never change, answers never surprise, identity stays here."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from urllib.parse import unquote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import Call, Case, Destination, Fault, Reply, Step
from schemas.handoff import Outcome, OutcomeKind, Repeat
from tests.contracts.play import MOST_STEPS, done
from tests.contracts.states import AT, states_of
from tests.contracts.subjects import SUBJECTS, Subject
from tests.fakes.cases import a_file, a_photo, a_report, a_reporter, identity_of

LATER = datetime(2026, 11, 30, 23, 59, 59, 5, tzinfo=timezone(timedelta(hours=9)))

DEFERRED, REFUSED, UNCERTAIN = OutcomeKind.DEFERRED, OutcomeKind.REFUSED, OutcomeKind.UNCERTAIN

pytestmark = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)


def _told(call: Call) -> str:
    """Everything that leaves with a call, as one searchable text."""
    unescaped = _unwrapped(call.body) if call.method == "SMTP" else call.body.decode("latin-1")
    readable = json.dumps(json.loads(call.body), ensure_ascii=False) if call.body[:1] in (b"{", b"[") else ""
    headers = [f"{name}: {value}" for name, value in call.headers]
    return "\n".join([call.url, *headers, unescaped, unquote_plus(unescaped), html.unescape(unescaped), readable])


def _unwrapped(mail: bytes) -> str:
    """A mail with its parts taken out of base64 and quoted-printable."""
    message = message_from_bytes(mail)
    parts = [part.get_payload(decode=True) for part in message.walk()]
    contents = [part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes)]
    return "\n".join([str(message.items()), *contents])


async def test_the_same_step_is_the_same_request_whenever_it_is_sent(subject: Subject) -> None:
    destination = subject.destination()
    for case, step in await states_of(subject):
        early, late = (destination.build(case, step, at) for at in (AT, LATER))
        assert (early.method, early.url, early.body, early.key) == (late.method, late.url, late.body, late.key)


async def test_the_same_step_is_the_same_request_from_another_instance_and_database(subject: Subject) -> None:
    jakarta = timezone(timedelta(hours=7))
    for case, step in await states_of(subject):
        moved = tuple(
            one.model_copy(update={"received_at": one.received_at.astimezone(jakarta)}) for one in case.messages
        )
        elsewhere = replace(case, accepted_at=case.accepted_at.astimezone(jakarta), messages=moved)
        first, second = subject.destination().build(case, step, AT), subject.destination().build(elsewhere, step, AT)
        assert (first.body, first.key) == (second.body, second.key)


async def test_every_step_of_every_handoff_has_a_key_of_its_own(subject: Subject) -> None:
    destination = subject.destination()
    keys = [destination.build(case, step, AT).key for case, step in await states_of(subject)]
    assert len(set(keys)) == len(keys) > (0 if subject.refuses_later else 2)
    assert [key for key in keys if not re.fullmatch(r"[!-~]{1,255}", key)] == []


async def test_a_reporter_that_the_case_does_not_hold_is_nowhere_in_the_request(subject: Subject) -> None:
    destination = subject.destination()
    for case, step in await states_of(subject):
        told = _told(destination.build(case, step, AT))
        assert [text for text in identity_of(a_reporter()) if text in told] == []


async def test_an_anonymous_reporter_stays_unnamed_even_if_the_case_holds_one(subject: Subject) -> None:
    destination = subject.destination()
    for case, step in await states_of(subject):
        anonymous = replace(case, reporter=a_reporter(), report=case.report.model_copy(update={"is_anonymous": True}))
        told = _told(destination.build(anonymous, step, AT))
        assert [text for text in identity_of(a_reporter()) if text in told] == []


async def test_the_gateways_own_names_of_files_stay_here(subject: Subject) -> None:
    photo = a_photo()
    destination = subject.destination()
    for case, step in await states_of(subject):
        told = _told(destination.build(case, step, AT))
        assert photo.source
        assert photo.stored
        assert photo.source not in told
        assert photo.stored not in told


async def test_no_header_can_be_split_by_what_a_citizen_wrote(subject: Subject) -> None:
    destination = subject.destination()
    evil = a_report(title="Jalan\r\nX-Evil: 1", content="\r\n\r\nisi\x00", agency="\n", tags=("a\r\nb",))
    for case, step in await states_of(subject):
        call = destination.build(replace(case, report=evil), step, AT)
        assert [name for name, value in call.headers if re.search(r"[\r\n\0]", name + value)] == []


@pytest.mark.parametrize(("sent", "expected"), [(False, DEFERRED), (True, UNCERTAIN)])
async def test_a_fault_is_as_certain_as_what_was_sent(subject: Subject, sent: bool, expected: OutcomeKind) -> None:
    for case, step in await states_of(subject):
        outcome = subject.destination().read(case, step, Reply(fault=Fault("read_timeout", sent=sent)), AT)
        assert (outcome.kind, outcome.reason) == (expected, "read_timeout")


words = st.text(max_size=8) | st.sampled_from(
    [
        "receipt",
        "reference",
        "id",
        "error",
        "success",
        "status",
        "code",
        "results",
        "complaint_id",
        "images",
        "docs",
        "data",
    ]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
    max_leaves=12,
)
bodies = (
    st.binary(max_size=200)
    | json_values.map(lambda value: json.dumps(value).encode())
    | st.sampled_from([b"[" * 100_000, b'{"a":' * 50_000, b"9" * 10_000, b"\xff\xfe{}", b'"\\ud800"', b"NaN"])
)
replies = st.builds(
    Reply,
    status=st.sampled_from([200, 201, 202, 204, 250, 404, 409]) | st.integers(0, 999),
    headers=st.dictionaries(
        st.sampled_from(["retry-after", "date", "content-type", "phase"]),
        st.sampled_from(["body", "ack"]) | st.text(max_size=40),
    ),
    body=bodies,
    truncated=st.booleans(),
)


async def test_any_answer_is_read_and_whatever_it_yields_can_be_gone_on_with(subject: Subject) -> None:
    states = await states_of(subject)
    destination = subject.destination()

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(states), replies)
    def survives(state: tuple[Case, Step], reply: Reply) -> None:
        case, step = state
        for asked in _readings(destination, case, step):
            outcome = destination.read(case, asked, reply, AT)
            assert re.fullmatch(r"[a-z0-9_]{1,64}", outcome.reason)
            assert outcome.retry_after is None or 0 <= outcome.retry_after <= 86_400
            if outcome.kind is OutcomeKind.DELIVERED:
                _goes_on(destination, case, step, outcome)

    survives()


def _readings(destination: Destination, case: Case, step: Step) -> list[Step]:
    return [step, destination.lookup_step(case, step.name)] if step.repeat is Repeat.LOOKUP else [step]


def _goes_on(destination: Destination, case: Case, step: Step, outcome: Outcome) -> None:
    """What was delivered can be stored, the next step can be built, and the last has a receipt."""
    kept = Outcome.model_validate_json(outcome.model_dump_json())
    after = done(case, step, kept)
    following = destination.next_step(after)
    if following is None:
        assert outcome.receipt is not None
        return
    assert len(after.progress) < MOST_STEPS
    destination.build(replace(after, files=(a_file(),)) if following.files else after, following, AT)
