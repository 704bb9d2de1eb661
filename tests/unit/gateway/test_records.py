"""Records have one spelling: the same columns always give the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.records import attempt_record, result_record
from schemas.handoff import OutcomeKind, ResultSource

AT = datetime(2026, 3, 2, 8, 0, 0, tzinfo=timezone(timedelta(hours=7)))
ATTEMPT: dict[str, Any] = {
    "id": UUID(int=1),
    "handoff_id": UUID(int=2),
    "report_id": UUID(int=3),
    "destination": "sp4n",
    "step": "create",
    "number": 1,
    "started_at": AT,
    "worker": UUID(int=4),
    "request": b"\xab" * 32,
}
RESULT: dict[str, Any] = {
    "attempt_id": UUID(int=1),
    "source": ResultSource.REPLY,
    "ended_at": AT,
    "outcome": OutcomeKind.DELIVERED,
    "reason": "ok",
    "status": 200,
    "actor": None,
    "response": b"\xcd" * 32,
    "receipt": {"reference": "8123456", "extra": {"b": 1, "a": "Kota Batu"}},
    "sealed_excerpt": b"tersegel",
}


def test_an_attempt_is_spelt_like_this_for_ever() -> None:
    assert attempt_record(**ATTEMPT) == (
        b'{"destination":"sp4n","handoff_id":"00000000-0000-0000-0000-000000000002",'
        b'"id":"00000000-0000-0000-0000-000000000001","number":1,"record":"attempt",'
        b'"report_id":"00000000-0000-0000-0000-000000000003","request":"' + b"ab" * 32 + b'",'
        b'"started_at":"2026-03-02T01:00:00.000000Z","step":"create","version":1,'
        b'"worker":"00000000-0000-0000-0000-000000000004"}'
    )


def test_a_result_is_spelt_like_this_for_ever() -> None:
    assert result_record(**RESULT) == (
        b'{"actor":null,"attempt_id":"00000000-0000-0000-0000-000000000001",'
        b'"ended_at":"2026-03-02T01:00:00.000000Z","outcome":"delivered","reason":"ok",'
        b'"receipt":{"extra":{"a":"Kota Batu","b":1},"reference":"8123456"},"record":"result",'
        b'"response":"' + b"cd" * 32 + b'",'
        b'"sealed_excerpt":"d244211e1405e4b43048ea9c31fbcd34f8037016c2398ff8e9d047aa4f835d35","source":"reply",'
        b'"status":200,"version":1}'
    )


@pytest.mark.parametrize(("record", "facts"), [(attempt_record, ATTEMPT), (result_record, RESULT)])
def test_every_keyword_must_be_given_and_no_other(record: Any, facts: dict[str, Any]) -> None:
    for name in facts:
        with pytest.raises(TypeError):
            record(**{key: value for key, value in facts.items() if key != name})
    with pytest.raises(TypeError):
        record(**facts, lain=1)


@pytest.mark.parametrize("name", ATTEMPT)
def test_every_column_of_an_attempt_changes_its_record(name: str) -> None:
    assert attempt_record(**ATTEMPT | {name: changed(ATTEMPT[name])}) != attempt_record(**ATTEMPT)


@pytest.mark.parametrize("name", RESULT)
def test_every_column_of_a_result_changes_its_record(name: str) -> None:
    assert result_record(**RESULT | {name: changed(RESULT[name])}) != result_record(**RESULT)


@pytest.mark.parametrize("name", ["status", "actor", "response", "receipt", "sealed_excerpt"])
def test_nothing_and_empty_are_not_the_same(name: str) -> None:
    empty = {"status": 0, "actor": "", "response": b"", "receipt": {}, "sealed_excerpt": b""}[name]
    assert result_record(**RESULT | {name: None}) != result_record(**RESULT | {name: empty})


def test_a_time_is_the_same_in_every_zone() -> None:
    assert attempt_record(**ATTEMPT | {"started_at": AT.astimezone(UTC)}) == attempt_record(**ATTEMPT)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without zone"):
        attempt_record(**ATTEMPT | {"started_at": AT.replace(tzinfo=None)})


def test_texts_and_their_enums_are_the_same() -> None:
    assert result_record(**RESULT | {"source": "reply", "outcome": "delivered"}) == result_record(**RESULT)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
        max_leaves=10,
    )
)  # fmt: skip
def test_a_receipt_read_back_from_its_text_gives_the_same_record(receipt: Any) -> None:
    again = orjson.loads(orjson.dumps(receipt, option=orjson.OPT_SORT_KEYS))
    assert result_record(**RESULT | {"receipt": again}) == result_record(**RESULT | {"receipt": receipt})


def changed(value: Any) -> Any:
    match value:
        case bytes():
            return value[:-1] + b"\0"
        case UUID():
            return UUID(int=value.int + 1)
        case datetime():
            return value + timedelta(microseconds=1)
        case int():
            return value + 1
        case dict():
            return value | {"extra": None}
        case _:
            return f"{value or ''}x"
