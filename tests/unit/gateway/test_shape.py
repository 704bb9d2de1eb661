"""The shape of replies, and when it has changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.shape import MOST_PATHS, Learned, Skeleton, difference, learn, learned_from, merged, skeleton_of

REPLY = {"receipt": {"reference": "A-1", "at": "2026"}, "links": [{"href": "x"}], "ok": True, "note": None}


def skeleton(document: Any) -> Skeleton:
    return skeleton_of("application/json", json.dumps(document).encode())


def learned(*documents: Any) -> Learned:
    found: Learned | None = None
    for document in documents:
        found = learn(found, skeleton(document))
    assert found is not None
    return found


def test_a_skeleton_holds_paths_and_types_and_no_value() -> None:
    assert skeleton(REPLY) == Skeleton(
        "JSON",
        {
            "": frozenset(["object"]),
            "/receipt": frozenset(["object"]),
            "/receipt/reference": frozenset(["text"]),
            "/receipt/at": frozenset(["text"]),
            "/links": frozenset(["list"]),
            "/links/*": frozenset(["object"]),
            "/links/*/href": frozenset(["text"]),
            "/ok": frozenset(["boolean"]),
            "/note": frozenset(["null"]),
        },
    )


@pytest.mark.parametrize("key", ["3273010101010001", "+628120000001", "Budi Santoso", "id-ketiga-12345"])
def test_a_key_that_may_be_somebodys_is_not_kept(key: str) -> None:
    assert set(skeleton({key: 1}).types) == {"", "/{key}"}


@pytest.mark.parametrize(
    ("content_type", "body", "content"),
    [
        ("application/json", b"{}", "JSON"),
        ("text/html", b"<p>maaf", "HTML"),
        ("application/json", b"<!DOCTYPE html><html>", "HTML"),
        ("text/xml", b"<answer/>", "XML"),
        ("text/plain", b"OK diterima", "text"),
        ("", b"  ", "nothing"),
    ],
)
def test_the_kind_of_content_is_what_it_looks_like(content_type: str, body: bytes, content: str) -> None:
    assert skeleton_of(content_type, body).content == content


def test_the_same_shape_with_other_values_is_no_change() -> None:
    other = {"receipt": {"reference": "B-2", "at": "2027"}, "links": [], "ok": False, "note": None, "new": 1}
    assert difference(learned(REPLY), skeleton(other)) is None


def test_what_is_gone_and_what_is_new_is_named() -> None:
    changed = difference(learned({"receipt": {"reference": "1"}}), skeleton({"receipt": {}, "data": {"id": 7}}))
    assert changed == "shape changed: /receipt/reference gone, /data/id new"


def test_another_type_is_named() -> None:
    assert difference(learned({"id": 7}), skeleton({"id": "7"})) == "shape changed: /id is text now"
    assert difference(learned({"id": 7}), skeleton([7])) == "shape changed: /id gone, / is list now, /* new"


def test_another_kind_of_content_is_named() -> None:
    changed = difference(learned({"id": 7}), skeleton_of("text/html", b"<html>Sedang dalam pemeliharaan"))
    assert changed == "shape changed: HTML instead of JSON"


def test_what_was_missing_once_is_not_required() -> None:
    assert difference(learned({"id": 7, "note": "x"}, {"id": 8}), skeleton({"id": 9})) is None


def test_a_type_that_was_seen_before_is_no_change() -> None:
    assert difference(learned({"id": 7, "by": None}, {"id": 7, "by": "x"}), skeleton({"id": 9, "by": None})) is None


def test_what_stands_in_lists_is_never_required() -> None:
    assert difference(learned({"items": [{"id": 1}]}), skeleton({"items": []})) is None


def test_there_is_a_bound() -> None:
    wide = {f"k_{chr(97 + one)}_{chr(97 + two)}": 1 for one in range(26) for two in range(26)}
    assert len(skeleton(wide).types) == MOST_PATHS
    other = {f"o_{chr(97 + one)}_{chr(97 + two)}": 1 for one in range(26) for two in range(26)}
    assert len(learned(wide, other).types) == MOST_PATHS
    deep: Any = 1
    for _ in range(50):
        deep = {"d": deep}
    assert len(skeleton(deep).types) == 9


def test_it_is_kept_and_read_back() -> None:
    found = learned(REPLY, {"id": 1})
    assert learned_from(2, json.loads(json.dumps(found.as_json()))) == found
    assert learned_from(0, {}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcde"), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(JSON, min_size=1, max_size=6))
def test_nothing_that_was_learned_is_a_change(documents: list[Any]) -> None:
    found = learned(*documents)
    assert [difference(found, skeleton(document)) for document in documents] == [None] * len(documents)
    assert found.samples == len(documents)


@given(st.lists(JSON, min_size=1, max_size=4), st.lists(JSON, min_size=1, max_size=4))
def test_two_workers_learn_together_what_one_would_have(ones: list[Any], others: list[Any]) -> None:
    assert merged(learned(*ones), learned(*others)) == learned(*ones, *others)


@given(st.binary(max_size=60), st.text(max_size=20))
def test_any_bytes_have_a_skeleton(body: bytes, content_type: str) -> None:
    assert skeleton_of(content_type, body).content in {"JSON", "HTML", "XML", "text", "nothing"}
