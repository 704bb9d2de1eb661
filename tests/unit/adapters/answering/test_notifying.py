"""A channel service is told by signed webhooks, each event once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from adapters.answering.simulator import NOTIFY_SECRET
from adapters.channels.native.notifying import EVENTS
from adapters.contract import Destination
from schemas.errors import Misconfigured
from schemas.handoff import OutcomeKind, Repeat
from schemas.notice import NoticePurpose
from tests.unit.adapters.answering.telling import AT, a_notice, a_telling, vendor, voice


def channel(url: str, secret: str = NOTIFY_SECRET) -> Destination:
    options = {"notify_url": f"{url}/notify", "private_hosts": ["127.0.0.1"]}
    made = voice("native", {"notify_secret": secret}, options)
    assert made is not None
    return made


async def test_an_event_is_signed_and_taken_once_however_often_it_comes() -> None:
    case = a_telling(notice=a_notice(purpose=NoticePurpose.STATUS_CHANGED, status_name="Dalam Proses"), reply=None)
    async with vendor() as simulator:
        destination = channel(simulator.url)
        step = destination.next_step(case)
        assert step is not None
        outcomes = []
        for minutes in range(2):
            at = AT + timedelta(minutes=minutes)
            reply = await destination.send(destination.build(case, step, at))
            outcomes.append(destination.read(case, step, reply, at).kind)

    assert step.repeat is Repeat.DEDUPES
    assert outcomes == [OutcomeKind.DELIVERED] * 2
    [event] = simulator.book.of("event")
    assert (event["type"], event["timestamp"]) == ("report.status_changed", "2026-03-02T01:20:00Z")
    assert (event["data"]["status_name"], event["data"]["report_id"]) == ("Dalam Proses", str(case.report_id))


async def test_a_wrong_secret_is_a_matter_for_the_operator() -> None:
    async with vendor() as simulator:
        destination = channel(simulator.url, "whsec_" + "QUJD" * 8)
        case = a_telling()
        step = destination.next_step(case)
        assert step is not None
        outcome = destination.read(case, step, await destination.send(destination.build(case, step, AT)), AT)

    assert (outcome.kind, outcome.reason) == (OutcomeKind.DEFERRED, "http_401")
    assert simulator.book.entries == ()


def test_every_purpose_is_an_event_of_its_own() -> None:
    assert set(EVENTS) == set(NoticePurpose)
    assert len(set(EVENTS.values())) == len(EVENTS)


def test_the_same_event_is_the_same_body_whenever_it_is_sent() -> None:
    destination, case = channel("https://kanal.example"), a_telling()
    step = destination.next_step(case)
    assert step is not None

    bodies = {destination.build(case, step, AT + timedelta(days=days)).body for days in range(3)}

    assert len(bodies) == 1
    assert "purpose" not in json.loads(bodies.pop())["data"]


@pytest.mark.parametrize("secret", ["", "rahasia", "whsec_pendek", "whsec_" + "?" * 40])
def test_a_secret_that_cannot_sign_is_named(secret: str) -> None:
    with pytest.raises(Misconfigured, match="notify_secret"):
        channel("https://kanal.example", secret)


@pytest.mark.parametrize("options", [{}, {"answers": False, "notify_url": "https://kanal.example"}])
def test_a_service_that_gives_no_address_is_told_nothing(options: dict[str, Any]) -> None:
    assert voice("native", {}, options) is None
