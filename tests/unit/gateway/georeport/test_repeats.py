"""When two posts are one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from adapters.contract import InboundRequest
from adapters.inbound.forms import Form, read_form
from gateway.georeport.repeats import WINDOW_SECONDS, named, unnamed

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOLE = {"service_code": "0", "description": "Jalan berlubang", "lat": "-6.2", "long": "106.8"}


def form(**fields: str) -> Form:
    return read_form(InboundRequest("POST", "", {}, {}, urlencode(HOLE | fields).encode()))


@pytest.mark.parametrize(
    ("fields", "headers", "name"),
    [
        ({"message_id": "7"}, {"idempotency-key": "a"}, "key:a"),
        ({"message_id": "7"}, {}, "message_id:7"),
        ({"attribute[fixmystreet_id]": "4711"}, {}, "attribute[fixmystreet_id]:4711"),
        ({"update_id": "815"}, {}, None),
        ({}, {"idempotency-key": " "}, None),
    ],
)
def test_a_client_may_name_its_post(fields: dict[str, str], headers: dict[str, str], name: str | None) -> None:
    assert named(form(**fields), headers, update=False) == name


def test_an_update_is_named_by_its_own_id_and_not_by_its_reports() -> None:
    both = form(**{"update_id": "815", "attribute[fixmystreet_id]": "4711"})
    assert named(both, {}, update=True) == "update:815"


def test_the_same_fields_a_little_later_are_the_same_post() -> None:
    now, earlier = unnamed(form(), NOW)[0], unnamed(form(), NOW + timedelta(seconds=WINDOW_SECONDS))[1]
    assert now == earlier


def test_the_same_fields_much_later_are_another_post() -> None:
    assert unnamed(form(), NOW)[0] not in unnamed(form(), NOW + timedelta(seconds=2 * WINDOW_SECONDS))


def test_another_device_is_another_person_and_another_key_is_not() -> None:
    assert unnamed(form(device_id="a"), NOW) != unnamed(form(device_id="b"), NOW)
    assert unnamed(form(api_key="a"), NOW) == unnamed(form(api_key="b"), NOW)
