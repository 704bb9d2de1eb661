"""Who may read what of whom: filters, and what is never shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.integration.backends import Backend
from tests.integration.installation import Plan, installation
from tests.integration.open311.clients import BASE, get, hole, make_open311, post, posted
from tests.integration.open311.schemas import ERRORS, REQUESTS, faults

EACH_BY_ITSELF = Plan(settings={"same_event_within": 0})
"""The tests tell of one hole again and again."""
KEPT = ("service_request_id", "description", "address", "lat", "long")


async def test_only_what_is_published_and_not_secret_is_shown(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, EACH_BY_ITSELF) as it:
        open_key, closed_key = await make_open311(it, publish=True), await make_open311(it, "tertutup")
        plain = await posted(it, hole(open_key))
        unnamed = await posted(it, hole(open_key) | {"attribute[anonymous]": "true", "attribute[message_id]": "2"})
        secret = await posted(it, hole(open_key) | {"attribute[secret]": "true", "attribute[message_id]": "3"})
        spam = await posted(it, hole(open_key, description="asdf asdf asdf", device_id="4"))
        unpublished = await posted(it, hole(closed_key))
        found = {each["service_request_id"]: each for each in await get(it, "requests.json")}
        assert faults(list(found.values()), REQUESTS) == []
        assert set(found) == {plain, unnamed}
        assert [found[unnamed][name] for name in KEPT] == [unnamed, None, None, None, None]
        for hidden in (secret, spam, unpublished):
            answer = await it.api.get(f"{BASE}/requests/{hidden}.json")
            assert (answer.status_code, faults(answer.json(), ERRORS)) == (404, [])
            assert (await it.api.get(f"{BASE}/tokens/{hidden}.json")).status_code == 404
        own = {each["service_request_id"]: each for each in await get(it, "requests.json", api_key=open_key)}
        assert (set(own), own[secret]["description"]) == ({plain, unnamed, secret, spam}, None)
        assert (await it.api.get(f"{BASE}/requests.json", params={"api_key": "sgk_a_b"})).status_code == 403


async def test_a_reporter_who_asks_for_secrecy_later_is_heard(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        key = await make_open311(it, publish=True)
        identity = await posted(it, hole(key))
        update = {"api_key": key, "service_request_id": identity, "update_id": "1", "description": "Jangan sebut saya"}
        answer = await post(it, update | {"public_anonymity_required": "TRUE"}, "servicerequestupdates.json")
        assert answer.status_code == 200
        [found] = await get(it, f"requests/{identity}.json")
        assert found["description"] is None


async def test_requests_are_found_by_id_time_service_and_status(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        key = await make_open311(it, publish=True)
        road = await posted(it, hole(key, service_code="1397"))
        other = await posted(
            it, hole(key, description="Lampu jalan padam sudah dua minggu di gang kami, gelap sekali.")
        )
        now = datetime.now(UTC)
        past, future = (now - timedelta(days=1)).isoformat(), (now + timedelta(days=1)).isoformat()
        before = (now - timedelta(days=2)).isoformat()

        async def ids(**query: str) -> set[str]:
            return {each["service_request_id"] for each in await get(it, "requests.json", **query)}

        assert await ids() == {road, other}
        assert await ids(service_code="1397") == {road}
        assert await ids(service_code="1397,0") >= {road}
        assert await ids(status="open") == {road, other}
        assert await ids(status="closed") == set()
        assert await ids(start_date=past, end_date=future) == {road, other}
        assert await ids(start_date=before, end_date=past) == set()
        assert await ids(end_date=past) == set()
        assert await ids(service_request_id=f"{road},tidak-ada", status="closed", end_date=past) == {road}
        assert {each["service_request_id"] for each in await get(it, f"requests/{road},{other}.json")} == {road, other}
        for wrong in ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"}, {"status": "baru"}):
            answer = await it.api.get(f"{BASE}/requests.json", params=wrong)
            assert (answer.status_code, faults(answer.json(), ERRORS)) == (400, [])
        assert (await it.api.get(f"{BASE}/requests.json", params={"service_code": "x"})).status_code == 404
        assert (await it.api.get(f"{BASE}/requests.yaml")).headers["content-type"] == "text/xml; charset=utf-8"


async def test_the_same_post_is_kept_once_and_two_people_are_two(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        key = await make_open311(it, publish=True)
        first = await posted(it, hole(key, device_id="gawai-1"))
        assert await posted(it, hole(key, device_id="gawai-1")) == first
        assert await posted(it, hole(key, device_id="gawai-2")) != first
        headers = {"idempotency-key": "satu"}
        second = await posted(it, hole(key), headers=headers)
        assert await posted(it, hole(key), headers=headers) == second
        other = await make_open311(it, "lain")
        assert await posted(it, hole(other), headers=headers) != second
