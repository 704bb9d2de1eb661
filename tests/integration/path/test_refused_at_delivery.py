"""A ministry refuses a case by a code that its entry knows as `not ours`: the case goes on to the next agency."""

from __future__ import annotations

from pathlib import Path

from adapters.simulator import FaultRule
from gateway.ledger.not_ours import list_asked
from gateway.receipts.refusing import RULE, refusing_of
from gateway.roles import Role
from schemas.handoff import HandoffState
from tests.integration.backends import EMBEDDED, Backend, backend
from tests.integration.installation import MINISTRY, Installation, Plan, installation, until
from tests.integration.path.test_review_by_api import officer

NEXT = "dinas"
AGENCY = f"""  {NEXT}:
    adapter: inbox
    url: inbox://{NEXT}
directory:
  Dinas Kesehatan:
    aliases: [dinkes]
    destination: {NEXT}
"""
REFUSING = "{refuse_when: [{status: 422, reason: not_ours}]}"
MEDICINE = "Stok obat di puskesmas kosong sejak dua minggu, kata dinkes bukan urusan mereka"


def plan(more: str) -> Plan:
    return Plan(ministry_faults=[FaultRule("status", status=422)], answers=REFUSING, more=more)


async def refused(it: Installation) -> str:
    [accepted] = await it.post({"message_id": "a", "content": MEDICINE})
    code: str = accepted["tracking_code"]

    async def is_refused() -> bool:
        return (await it.handoffs(code))[MINISTRY].state is not HandoffState.PENDING

    await until(is_refused)
    return code


async def test_it_goes_on_to_the_next_agency_and_is_no_longer_owed_to_the_first(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, plan(AGENCY)) as it:
        code = await refused(it)
        for _ in range(2):
            await refusing_of(it.gateway.reviewing()).send_on()
        owed = await it.handoffs(code)
        assert (owed[MINISTRY].state, owed[MINISTRY].reason) == (HandoffState.CANCELLED, "not_ours")
        assert NEXT in owed
        done = {(one.action, one.actor) for one in (await it.record(code)).actions}
        assert done >= {("reroute", RULE), ("cancel", RULE)}


async def test_with_nobody_left_it_stays_parked_and_a_person_is_asked(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, plan("")) as it:
        code = await refused(it)
        await refusing_of(it.gateway.reviewing()).send_on()
        first = (await it.handoffs(code))[MINISTRY]
        assert (first.state, first.reason) == (HandoffState.PARKED, "not_ours")
        assert [one.tracking_code for one in await it.ledger.read(list_asked)] == [code]


async def test_a_person_sends_it_on_to_the_agency_that_they_name(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, plan(AGENCY.split("directory:")[0])) as it:
            code = await refused(it)
            await refusing_of(it.gateway.reviewing()).send_on()
            ani = await officer(it, "ani", Role.REVIEWER)
            [row] = (await ani.get()).json()["rows"]
            assert (row["tracking_code"], row["verdict"]) == (code, "not_ours")
            assert (await ani.post(f"/{code}/onward", why="milik dinas", left="lain")).status_code == 422
            sent = await ani.post(f"/{code}/onward", why="milik dinas", left=MINISTRY, to=NEXT)
            assert sent.json() == {"tracking_code": code, "destinations": [NEXT]}
            assert (await ani.get()).json()["rows"] == []
