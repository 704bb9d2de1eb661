"""A request that tells of an event again goes on with the first one: its client still finds it under its own id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gateway.merging import Merging
from gateway.operations.reviewing import waits_in
from tests.integration.backends import Backend
from tests.integration.installation import SP4N, Installation, installation
from tests.integration.open311.clients import BASE, as_tree, get, hole, make_open311, posted
from tests.integration.open311.schemas import REQUESTS, TOKENS, UPDATES, faults

AGAIN = "Jalan berlubang sedalam lutut di depan sekolah dasar, anak-anak sering jatuh di sana, tolong diperbaiki."


async def told_twice(it: Installation, **options: Any) -> tuple[str, str, str]:
    """The key of the second client, and the requests of both clients: one hole in a road, told by two people."""
    first, second = await make_open311(it, **options), await make_open311(it, "desa", **options)
    lead = await posted(it, hole(first, device_id="gawai-1"))
    await it.settled(lead)
    other = {"email": "budi@contoh.example", "phone": "081200000002", "first_name": "Budi", "description": AGAIN}
    supporter = await posted(it, hole(second, device_id="gawai-2", **other))
    record = await it.record(supporter)
    assert record.ties.followed is not None
    assert (str(record.ties.followed.link.lead_id), record.handoffs) == (lead, ())
    return second, lead, supporter


async def test_a_client_finds_its_own_request_that_was_linked_to_another(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        key, lead, supporter = await told_twice(it)
        [found] = await get(it, f"requests/{supporter}.json", api_key=key)
        assert faults([found], REQUESTS) == []
        assert (found["service_request_id"], found["status"]) == (supporter, "open")
        assert (found["agency_responsible"], found["status_notes"]) == (SP4N, f"Diterima {SP4N}.")
        assert found["description"] == AGAIN
        assert await get(it, "requests.json", api_key=key, service_request_id=supporter) == [found]
        assert found in await get(it, "requests.json", api_key=key)
        tree = as_tree(await it.api.get(f"{BASE}/requests/{supporter}.xml", params={"api_key": key}))
        assert tree["service_requests"]["request"][0]["service_request_id"] == [supporter]
        tokens = await get(it, f"tokens/{supporter}.json", api_key=key)
        assert (faults(tokens, TOKENS), tokens[0]["service_request_id"]) == ([], supporter)
        for hidden in (lead, f"{lead},{lead}"):
            assert (await it.api.get(f"{BASE}/requests/{hidden}.json", params={"api_key": key})).status_code == 404


async def test_its_updates_are_those_of_the_first_one_under_its_own_ids(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        key, lead, supporter = await told_twice(it, publish=True)
        told = await get(it, "servicerequestupdates.json", api_key=key)
        assert faults(told, UPDATES) == []
        assert sorted(one["service_request_id"] for one in told) == sorted([lead, supporter])
        assert len({one["update_id"] for one in told}) == 2
        assert await get(it, "servicerequestupdates.json", api_key=key) == told
        [number] = [row.reference for row in (await it.handoffs(lead)).values()]
        of_supporter = next(one for one in told if one["service_request_id"] == supporter)
        assert str(number) not in of_supporter["description"]


async def test_of_a_channel_that_publishes_it_is_found_by_its_id_without_a_key(
    tmp_path: Path, embedded: Backend
) -> None:
    async with installation(tmp_path, embedded) as it:
        _, lead, supporter = await told_twice(it, publish=True)
        found = await get(it, f"requests/{lead},{supporter}.json")
        assert {one["service_request_id"] for one in found} == {lead, supporter}
        assert {one["service_request_id"] for one in await get(it, "requests.json")} == {lead}


async def test_how_a_secret_report_stands_is_told_to_nobody(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        first, second = await make_open311(it, publish=True), await make_open311(it, "desa", publish=True)
        lead = await posted(it, hole(first, device_id="gawai-1") | {"attribute[secret]": "true"})
        await it.settled(lead)
        other = await posted(it, hole(second, device_id="gawai-2", description="asdf asdf asdf"))
        record = await it.record(other)
        await Merging(it.gateway.reviewing()).merge(record, waits_in(record), await it.record(lead), "ani")
        assert (await it.api.get(f"{BASE}/requests/{other}.json")).status_code == 404
        [found] = await get(it, f"requests/{other}.json", api_key=second)
        assert (found["agency_responsible"], found["status_notes"]) == (None, None)
