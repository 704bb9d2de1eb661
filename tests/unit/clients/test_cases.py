"""Every request that the gateway's adapter makes is read, whatever is added to it; what is no case is told by place."""

from __future__ import annotations

from typing import Any

import pytest

from sp4n_gateway_client.cases import CREATED, TEST_TAG, read_case
from sp4n_gateway_client.errors import Unreadable
from tests.unit.clients.bodies import BODIES, body


@pytest.mark.parametrize("name", BODIES)
def test_every_body_of_the_adapter_is_read(name: str) -> None:
    case = read_case(body(name))
    given = BODIES[name]
    assert (case.type, case.id, case.tracking_code) == (given["type"], given["id"], given["tracking_code"])
    assert [message.text for message in case.messages] == [message["text"] for message in given["messages"]]
    assert case.prior_reference == given["prior_reference"]
    assert case.report.content == given["case"]["content"]


def test_a_whole_case_is_carried_over() -> None:
    case = read_case(body("created_with_reporter.call.json"))
    given = BODIES["created_with_reporter.call.json"]["case"]
    assert case.type == CREATED
    assert case.report.location is not None
    assert case.report.location.latitude == given["location"]["latitude"]
    assert case.report.reporter is not None
    assert case.report.reporter.name == given["reporter"]["name"]
    assert dict(case.report.parameters) == given["parameters"]
    assert case.accepted_at.tzinfo is not None


def test_files_come_with_their_bytes() -> None:
    files = read_case(body("created_with_files.call.json")).report.attachments
    assert [len(file.content) for file in files if file.content is not None] == [
        file.size for file in files if file.content is not None
    ]
    assert any(file.content for file in files)


def test_a_case_of_the_certification_is_known_by_its_tag() -> None:
    tagged = BODIES["created.call.json"]["case"] | {"tags": [TEST_TAG]}
    assert [read_case(body()).is_test, read_case(body(case=tagged)).is_test] == [False, True]


def test_what_is_added_one_day_is_left_alone() -> None:
    wider = BODIES["created.call.json"]["case"] | {"baru": [1]}
    assert read_case(body(baru={"a": 1}, case=wider)) == read_case(body())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"type": "case.renamed"}, "type"),
        ({"id": 7}, "id: must be a text"),
        ({"accepted_at": "kemarin"}, "accepted_at: must be a time"),
        ({"accepted_at": "2026-03-02T01:15:30"}, "accepted_at: must have a zone"),
        ({"case": None}, "case: must be an object"),
        ({"messages": {"a": 1}}, "messages: must be a list"),
        ({"messages": [{"sequence": "0"}]}, "messages[0].sequence: must be a whole number"),
        ({"case": {"title": "a", "content": "b", "classification": "c", "classification_name": 1}}, "case.classif"),
    ],
)
def test_what_is_no_case_is_told_by_its_place(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_case(body(**changed))
    assert told in raised.value.detail


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("is_secret", "ya", "case.is_secret: must be true or false"),
        ("tags", "a", "case.tags: must be a list of texts"),
        ("location", {"latitude": "utara"}, "case.location.latitude: must be a number"),
        ("attachments", [{"name": "a", "media_type": "b", "content_base64": "*"}], "must be base64"),
    ],
)
def test_what_is_wrong_inside_is_told_by_its_place(name: str, value: object, told: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_case(body(case=BODIES["created.call.json"]["case"] | {name: value}))
    assert told in raised.value.detail


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_garbage_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_case(raw)
