"""The adapter: what it is built from, and what it makes of LAPOR!'s vocabularies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.contract import DestinationEntry, Reply, Step, Term
from adapters.destinations.sp4n.adapter import KIND, build
from adapters.destinations.sp4n.simulator import simulated
from adapters.simulator import Book, FaultRule, SimulatedAnswer, Simulator
from schemas.base import Schema
from schemas.errors import Busy, Misconfigured
from schemas.handoff import HandoffKind, Repeat
from tests.fakes.cases import ACCEPTED_AT, a_case
from tests.unit.adapters.sp4n.builders import an_adapter, an_entry, created, options


def test_the_kind_names_what_an_entry_needs() -> None:
    assert (KIND.name, KIND.secret_names, KIND.optional_secrets) == ("sp4n", ("token", "second_token"), ("topics_key",))


def test_only_the_two_ids_of_the_channel_have_no_default() -> None:
    with pytest.raises(ValidationError) as raised:
        KIND.options.model_validate({})

    assert [error["loc"] for error in raised.value.errors()] == [("user_id",), ("institution_id",)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"user_id": 0},
        {"paths": {"complaint": "complaints"}},
        {"paths": {"pass_on": "/reject"}},
        {"paths": {"pass_ons": "/{complaint_id}"}},
        {"token_header": "to ken"},
        {"token_header": "token\r\nx"},
        {"authorization_prefix": "Bearer\r\n"},
        {"attachments_format": "[]."},
        {"location_ids": {"Jawa Barat": 1}},
        {"classification_ids": {"keluhan": 1}},
        {"content_limit": 10},
        {"public_url": "www.lapor.go.id"},
        {"followup_attachments": "base64"},
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        options(**wrong)


@pytest.mark.parametrize("name", ["token", "second_token"])
@pytest.mark.parametrize("secret", ["", "kunci\r\nX-Evil: 1", "kunci rahasia\n", " kunci", "kuncé"])
def test_a_token_that_cannot_stand_in_a_header_is_the_operators_to_mend(name: str, secret: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        build(an_entry(secrets={name: secret}))

    assert f"destinations.sp4n.secrets.{name}" in raised.value.problems[0]
    assert "kunc" not in str(raised.value) + str(raised.value.problems)


def test_options_of_another_kind_are_refused() -> None:
    with pytest.raises(Misconfigured):
        build(DestinationEntry("sp4n", "https://api.lapor.example", Schema(), {}))


def test_headers_are_named_by_the_entry() -> None:
    sp4n = an_adapter(authorization_header="auth", authorization_prefix="", token_header="X-Token")
    call = sp4n.build(a_case(), Step("complaint", Repeat.NEITHER), ACCEPTED_AT)

    assert {("auth", "token-contoh"), ("X-Token", "{token-kedua}")} <= set(call.headers)


def test_an_id_cannot_leave_its_place_in_the_address() -> None:
    case = created(progress={"complaint": {"complaint_id": "../7?a=b"}})
    call = an_adapter().build(case, Step("pass_on", Repeat.LOOKUP), ACCEPTED_AT)

    assert call.url.endswith("/complaints/process/..%2F7%3Fa%3Db/reject")


def test_only_the_complaint_needs_a_connection_of_its_own() -> None:
    sp4n = an_adapter()
    fresh = {
        step: sp4n.build(created(), Step(step, Repeat.LOOKUP), ACCEPTED_AT).fresh
        for step in ("files", "complaint", "pass_on", "find_pass_on")
    }

    assert fresh == {"files": False, "complaint": True, "pass_on": False, "find_pass_on": False}


@given(
    st.sampled_from(["files", "complaint", "pass_on", "find_pass_on", "followup", "find_followup", "find_followup_3"]),
    st.sampled_from(HandoffKind),
    st.integers(0, 700),
    st.binary(max_size=300),
    st.booleans(),
)
def test_reading_survives_any_bytes_at_any_point(
    step: str, kind: HandoffKind, status: int, body: bytes, truncated: bool
) -> None:
    reply = Reply(status, {"retry-after": "x"}, body, truncated)

    an_adapter().read(a_case(kind=kind), Step(step, Repeat.HARMLESS), reply, ACCEPTED_AT)


@pytest.fixture
async def lapor() -> AsyncIterator[Simulator]:
    simulator = Simulator(simulated(), book=Book())
    await simulator.start()
    yield simulator
    await simulator.stop()


async def test_institutions_and_templates_are_read(lapor: Simulator) -> None:
    terms = await build(an_entry(lapor.url)).sync()

    assert Term("institution", "4", "Kementerian Pekerjaan Umum") in terms
    assert Term("template", "TL03", "Bukan kewenangan") in terms
    assert {term.kind for term in terms} == {"institution", "template"}
    assert len(terms) > 40


@pytest.mark.parametrize("place", ["body", "header"])
async def test_categories_are_read_where_they_are_configured(lapor: Simulator, place: str) -> None:
    topics = {"topics_url": lapor.url + "/api/services/f01/gettopics", "topics_key": place}
    terms = await build(an_entry(lapor.url, secrets={"topics_key": "kunci"}, **topics)).sync()

    assert Term("category", "21", "Jalan Rusak", "20") in terms
    assert Term("category", "20", "Infrastruktur", None) in terms


async def test_without_a_key_categories_are_not_asked_for(lapor: Simulator) -> None:
    terms = await build(an_entry(lapor.url, topics_url=lapor.url + "/api/services/f01/gettopics")).sync()

    assert "category" not in {term.kind for term in terms}


@pytest.mark.parametrize("kind", ["refused", "status", "html", "malformed", "no_id", "reset_after", "redirect"])
async def test_a_vocabulary_that_cannot_be_read_is_asked_for_later(lapor: Simulator, kind: str) -> None:
    await lapor.set_faults([FaultRule(kind)])

    with pytest.raises(Busy) as raised:
        await build(an_entry(lapor.url)).sync()

    assert raised.value.retry_after > 0


async def test_the_server_says_when_to_ask_again(lapor: Simulator) -> None:
    await lapor.set_faults([FaultRule("status", request=2, retry_after="77")])

    with pytest.raises(Busy) as raised:
        await build(an_entry(lapor.url)).sync()

    assert raised.value.retry_after == 77


class _Rows:
    """Answers every list with the same rows."""

    def __init__(self, *rows: Any) -> None:
        self._rows = rows

    def take(self, request: object, book: Book) -> SimulatedAnswer:
        return SimulatedAnswer.of_json({"results": {"data": self._rows}})


async def test_rows_that_are_not_what_they_should_be_are_left_out() -> None:
    rows = [{"id": 1, "name": " Dinas\n Sosial "}, {"id": None, "name": "x"}, {"id": 2}, {"id": 3, "name": ""}, 5, "x"]
    simulator = Simulator(_Rows(*rows), book=Book())
    await simulator.start()
    terms = await build(an_entry(simulator.url)).sync()
    await simulator.stop()

    assert terms == [Term("institution", "1", "Dinas Sosial")]


async def test_a_long_list_is_read_whole() -> None:
    rows = [{"id": number, "name": f"Kelurahan {number} " + "x" * 400} for number in range(1, 2001)]
    simulator = Simulator(_Rows(*rows), book=Book())
    await simulator.start()
    terms = await build(an_entry(simulator.url)).sync()
    await simulator.stop()

    assert len(terms) == 2000
