"""Public Open311 clients' requests, end to end: every answer is as the specification says, in both formats."""

from __future__ import annotations

from pathlib import Path

from schemas.handoff import HandoffState
from tests.integration.backends import Backend
from tests.integration.installation import SP4N, Plan, installation, until
from tests.integration.open311.clients import BASE, HOLE, as_tree, get, hole, make_open311, post
from tests.integration.open311.schemas import (
    DISCOVERY,
    ERRORS,
    POSTED,
    REQUESTS,
    SERVICE_DEFINITION,
    SERVICES,
    TOKENS,
    UPDATES,
    faults,
)

SERVED = Plan(settings={"open311_jurisdiction": "contoh.go.id", "contact": "uji@contoh.example"})


async def test_a_client_goes_from_discovery_to_the_request_it_posted(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, SERVED) as it:
        key = await make_open311(it, publish=True)
        assert faults(await get(it, "discovery.json"), DISCOVERY) == []
        services = await get(it, "services.json", jurisdiction_id="contoh.go.id")
        assert faults(services, SERVICES) == []
        code = next(each["service_code"] for each in services if each["service_name"] == "Jalan Berlubang")
        assert faults(await get(it, f"services/{code}.json"), SERVICE_DEFINITION) == []
        answer = await post(it, hole(key, service_code=code))
        assert faults(answer.json(), POSTED) == []
        identity = answer.json()[0]["service_request_id"]
        await it.settled(identity)
        [found] = await get(it, f"requests/{identity}.json")
        assert faults([found], REQUESTS) == []
        assert (found["description"], found["service_code"], found["lat"]) == (HOLE, code, -6.914744)
        assert faults(await get(it, f"tokens/{identity}.json"), TOKENS) == []
        told = await get(it, "servicerequestupdates.json")
        assert (faults(told, UPDATES), [each["service_request_id"] for each in told]) == ([], [identity])
        assert "ani@contoh" not in str(found) + str(told)
        [complaint] = it.simulators.complaints()
        assert HOLE in complaint["fields"]["content"]


async def test_fixmystreet_posts_reads_and_updates_in_xml(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, SERVED) as it:
        key = await make_open311(it, publish=True)
        fields = hole(key) | {"attribute[fixmystreet_id]": "4711"}
        tree = as_tree(await post(it, fields, "requests.xml"))
        [identity] = tree["service_requests"]["request"][0]["service_request_id"]
        assert (await it.settled(identity))[SP4N].state is HandoffState.DELIVERED
        changed = fields | {"description": f"{HOLE}\n\nhttps://jalan.contoh.example/report/4711"}
        assert (await post(it, fields, "requests.xml")).status_code == 200
        assert (await post(it, changed, "requests.xml")).status_code == 400
        update = {"api_key": key, "service_request_id": identity, "update_id": "815", "status": "CLOSED"}
        update |= {"description": "Lubangnya sudah ditambal.", "updated_datetime": "2026-03-02T09:00:00+07:00"}
        for _ in range(2):
            tree = as_tree(await post(it, update, "servicerequestupdates.xml"))
            assert tree == {"service_request_updates": {"request_update": [{"update_id": ["815"]}]}}

        async def followed_up() -> bool:
            return len(it.simulators.sp4n.book.of("followup")) == 1

        await until(followed_up)
        tree = as_tree(await it.api.get(f"{BASE}/requests.xml", params={"service_request_id": identity}))
        assert tree["service_requests"]["request"][0]["status"] == ["open"]
        assert as_tree(await it.api.get(f"{BASE}/servicerequestupdates.xml"))["service_request_updates"]


async def test_a_wrong_request_is_told_what_is_wrong_and_leaves_nothing(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded, SERVED) as it:
        key = await make_open311(it)
        cases = [
            (hole(""), 403),
            (hole("sgk_salah_salah"), 403),
            (hole("sgk_\0_x"), 403),
            (hole(it.key), 403),
            (hole(key, jurisdiction_id="lain.go.id"), 404),
            (hole(key, service_code="999999"), 404),
            (hole(key, service_code=""), 400),
            (hole(key, lat="", long=""), 400),
            (hole(key, lat="", address_string="Jalan Kenanga"), 400),
            (hole(key, lat="nan"), 400),
            (hole(key, lat="-91"), 400),
            (hole(key, description="x" * 4001), 400),
            (hole(key, description="a\0b"), 400),
        ]
        for fields, status in cases:
            answer = await post(it, fields)
            assert (answer.status_code, faults(answer.json(), ERRORS)) == (status, [])
            assert as_tree(await post(it, fields, "requests.xml"))["errors"]["error"][0]["code"] == [str(status)]
        for junk in (b"", b"description=%ff%fe&service_code=0&address_string=a", b"\xff\x00", b"a=" + b"b" * 9_000_000):
            headers = {"content-type": "application/x-www-form-urlencoded", "api_key": key}
            answer = await it.api.post(f"{BASE}/requests.json", content=junk, headers=headers)
            assert (answer.status_code, faults(answer.json(), ERRORS)) == (400, [])
        assert await it.books() == []
