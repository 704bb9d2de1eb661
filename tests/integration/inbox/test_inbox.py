"""A ministry empties its inbox: fetched, acknowledged, given back, forgotten; each as recorded as a delivery."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, update

from gateway.gate import URGENT
from gateway.hours import ZONES
from gateway.ledger.destinations import pause
from gateway.ledger.not_ours import list_asked
from gateway.ledger.tables import handoffs
from gateway.receipts.refusing import refusing_of
from schemas.handoff import Evidence, HandoffState
from tests.fakes.pictures import png
from tests.integration.backends import Backend
from tests.integration.inbox.world import DESA, bearer, desa
from tests.integration.installation import until

NEXT = "dinas"
AGENCY = f"""\
identity: false
  {NEXT}:
    adapter: inbox
    url: inbox://{NEXT}
directory:
  Dinas Kesehatan:
    aliases: [dinkes]
    destination: {NEXT}
"""
MEDICINE = "Stok obat di puskesmas kosong sejak dua minggu, kata desa urusan dinkes"
PHOTO = base64.b64encode(png()).decode()


async def test_a_case_is_fetched_and_acknowledged_with_a_reference(tmp_path: Path, place: Backend) -> None:
    async with desa(tmp_path, place) as it:
        file = {"name": "foto.png", "media_type": "image/png", "content_base64": PHOTO}
        code = await it.post(1, attachments=[file])
        [message] = await it.fetch()
        assert (message["case"]["tracking_code"], message["attempt"]) == (code, 1)
        assert message["case"]["case"]["attachments"][0]["content_base64"] == PHOTO
        record = await it.record(code)
        assert [attempt.number for attempt in record.attempts] == [1], "no case leaves without its row"
        assert (await it.get("/count")).json() == {"waiting": 0, "leased": 1}
        said = await it.say(message["handoff"], "ack", {"reference": "DESA-7"})
        assert said.json() == {
            "handoff": message["handoff"],
            "state": "delivered",
            "reference": "DESA-7",
            "repeated": False,
        }
        handoff = await it.handoff(code)
        assert (handoff.state, handoff.evidence, handoff.reference) == (
            HandoffState.DELIVERED,
            Evidence.REFERENCED,
            "DESA-7",
        )
        again = await it.say(message["handoff"], "ack", {"reference": "DESA-8"})
        assert (again.status_code, again.json()["reference"], again.json()["repeated"]) == (200, "DESA-7", True)
        assert (await it.say(message["handoff"], "nack", {"reason": "retry"})).status_code == 409


async def test_a_case_whose_lease_is_over_is_uncertain_and_offered_again(tmp_path: Path, place: Backend) -> None:
    async with desa(tmp_path, place, lease="1") as it:
        code = await it.post(1)
        [first] = await it.fetch()
        [second] = await it.fetch()
        assert (second["handoff"], second["attempt"], second["sha256"]) == (first["handoff"], 2, first["sha256"])
        results = (await it.record(code)).results
        assert [(one.source, one.outcome, one.reason) for one in results] == [("reaper", "uncertain", "lease_ran_out")]
        assert (await it.say(second["handoff"], "ack")).status_code == 200
        assert (await it.handoff(code)).evidence is Evidence.ACKNOWLEDGED


async def test_an_acknowledgement_after_the_lease_is_recorded_as_late_and_settles_it(
    tmp_path: Path, place: Backend
) -> None:
    async with desa(tmp_path, place, lease="1") as it:
        code = await it.post(1)
        [message] = await it.fetch()

        async def over() -> bool:
            return bool((await it.record(code)).results)

        await until(over)
        assert (await it.say(message["handoff"], "ack", {"reference": "DESA-1"})).json()["state"] == "delivered"
        assert [one.source for one in (await it.record(code)).results] == ["reaper", "late"]
        assert await it.fetch("") == []


async def test_what_is_given_back_waits_and_what_is_refused_is_parked(tmp_path: Path, place: Backend) -> None:
    async with desa(tmp_path, place) as it:
        code = await it.post(1)
        [message] = await it.fetch()
        given = {"reason": "retry", "retry_after": 0}
        assert (await it.say(message["handoff"], "nack", given)).json()["state"] == "pending"
        [again] = await it.fetch()
        assert again["attempt"] == 2
        assert (await it.say(again["handoff"], "nack", {"reason": "refuse"})).json()["state"] == "parked"
        assert (await it.say(again["handoff"], "nack", {"reason": "refuse"})).json()["repeated"] is True
        assert (await it.say(again["handoff"], "ack")).status_code == 409
        assert (await it.handoff(code)).reason == "nack_refuse"


async def test_what_is_not_its_matter_goes_on_to_the_next_agency_and_may_be_said_again(
    tmp_path: Path, place: Backend
) -> None:
    async with desa(tmp_path, place, more=AGENCY) as it:
        code = await it.post(1, content=MEDICINE)
        [message] = await it.fetch()
        said = await it.say(message["handoff"], "nack", {"reason": "not_ours"})
        assert (said.status_code, said.json()["state"]) == (200, "parked")
        await refusing_of(it.gateway.reviewing()).send_on()
        owed = {row.destination: row for row in (await it.record(code)).handoffs}
        assert (owed[DESA].state, owed[DESA].reason) == (HandoffState.CANCELLED, "not_ours")
        assert owed[NEXT].state is HandoffState.PENDING
        again = await it.say(message["handoff"], "nack", {"reason": "not_ours"})
        assert (again.status_code, again.json()["repeated"]) == (200, True)
        assert (await it.say(message["handoff"], "ack")).status_code == 409


async def test_what_is_not_its_matter_and_nobody_elses_waits_for_a_person(tmp_path: Path, place: Backend) -> None:
    async with desa(tmp_path, place) as it:
        code = await it.post(1)
        [message] = await it.fetch()
        await it.say(message["handoff"], "nack", {"reason": "not_ours"})
        await refusing_of(it.gateway.reviewing()).send_on()
        assert [one.tracking_code for one in await it.gateway.ledger.read(list_asked)] == [code]
        assert (await it.handoff(code)).state is HandoffState.PARKED


async def test_nobody_fetches_without_the_key_of_that_inbox(tmp_path: Path, place: Backend) -> None:
    async with desa(tmp_path, place) as it:
        await it.post(1)
        refused = [await it.get("", key) for key in ("x", it.channel_key, it.key[:-1] + "!")]
        assert [one.status_code for one in refused] == [401, 401, 401]
        other = await it.api.get("/v1/inbox/lain", headers=bearer(it.key))
        assert (other.status_code, other.headers["content-type"]) == (403, "application/problem+json")


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("ack", {"reference": ""}),
        ("ack", {"reference": "a\nb"}),
        ("ack", {"rujukan": "x"}),
        ("nack", {}),
        ("nack", {"reason": "maybe"}),
        ("nack", {"reason": "retry", "retry_after": -1}),
    ],
)
async def test_a_word_that_nobody_understands_changes_nothing(
    tmp_path: Path, embedded: Backend, verb: str, body: dict[str, object]
) -> None:
    async with desa(tmp_path, embedded) as it:
        code = await it.post(1)
        [message] = await it.fetch()
        assert (await it.say(message["handoff"], verb, body)).status_code == 422
        assert (await it.handoff(code)).state is HandoffState.PENDING
        assert (await it.say("bukan-uuid", "ack")).status_code == 404


async def test_a_later_message_never_overtakes_its_report(tmp_path: Path, embedded: Backend) -> None:
    async with desa(tmp_path, embedded) as it:
        await it.post(1)
        await it.post(2)
        first = await it.fetch("?limit=1")
        second = await it.fetch("?limit=1")
        assert [len(first), len(second)] == [1, 1]
        assert first[0]["case"]["accepted_at"] <= second[0]["case"]["accepted_at"]
        assert await it.fetch("") == [], "what is lent is lent once"


async def test_a_paused_inbox_gives_nothing(tmp_path: Path, embedded: Backend) -> None:
    async with desa(tmp_path, embedded) as it:
        await it.post(1)
        await it.gateway.ledger.write(pause, DESA, "uji", "libur", it.gateway.clock.now())
        assert await it.fetch("") == []
        assert (await it.get("/count")).json() == {"waiting": 0, "leased": 0}


def closed_at(moment: datetime) -> str:
    """Hours of a few minutes, half a day away."""
    away = moment.astimezone(ZONES["WIB"]) + timedelta(hours=12)
    return f'hours: {{days: mon-sun, from: "{away:%H}:00", to: "{away:%H}:59"}}'


async def test_outside_the_hours_only_emergencies_are_lent_and_only_where_that_is_meant(
    tmp_path: Path, embedded: Backend
) -> None:
    hours = closed_at(datetime.now(UTC))
    async with desa(tmp_path, embedded, more=f"{hours}\n    urgent_always: true") as it:
        ordinary, urgent = await it.post(1), await it.post(2)
        await it.gateway.ledger.write(_make_urgent, (await it.handoff(urgent)).id)
        [message] = await it.fetch()
        assert message["case"]["tracking_code"] == urgent
        assert await it.fetch("") == []
        assert (await it.handoff(ordinary)).tries == 0


async def test_no_more_is_lent_than_the_rate_allows(tmp_path: Path, embedded: Backend) -> None:
    async with desa(tmp_path, embedded, more="limits: {rate: 2/h}") as it:
        for number in range(4):
            await it.post(number)
        assert len(await it.fetch()) == 2
        assert await it.fetch("") == []
        assert (await it.get("/count")).json() == {"waiting": 2, "leased": 2}


def _make_urgent(conn: Connection, handoff_id: UUID) -> None:
    conn.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(priority=URGENT))
