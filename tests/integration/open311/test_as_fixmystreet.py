"""A client like FixMyStreet goes its whole way, in either format, by nothing but what the answers before told it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from defusedxml import ElementTree

from tests.fakes.pictures import photo
from tests.integration.backends import EMBEDDED, Backend
from tests.integration.installation import Plan, installation, until
from tests.integration.open311.clients import HOLE, make_open311
from tests.unit.adapters.channels.graph import GraphServer

SERVED = Plan(settings={"open311_jurisdiction": "contoh.go.id", "contact": "uji@contoh.example"})

TITLE = "Jalan berlubang di depan sekolah"


def plain(element: Any) -> Any:
    """An XML element as JSON would have it: a list for elements of one name, an object for the others."""
    children = list(element)
    if not children:
        return element.text
    if len({child.tag for child in children}) == 1 and children[0].tag in LISTED:
        return [plain(child) for child in children]
    return {child.tag: plain(child) for child in children}


LISTED = {"service", "request", "request_update", "attribute", "value", "endpoint", "format", "error"}


class Client:
    """It keeps the address that discovery named, its key and jurisdiction. Answers are the same in both formats."""

    def __init__(self, http: httpx.AsyncClient, key: str, fmt: str) -> None:
        self._http, self._key, self._fmt = http, key, fmt
        self._endpoint = ""

    async def discover(self) -> None:
        found = await self._read("/open311/v2/discovery")
        [endpoint] = found["endpoints"]
        assert endpoint["specification"].startswith("http://wiki.open311.org/GeoReport_v2")
        self._endpoint = endpoint["url"]

    async def get(self, what: str, **query: str) -> Any:
        return await self._read(f"{self._endpoint}/{what}", jurisdiction_id="contoh.go.id", **query)

    async def post(self, what: str, fields: dict[str, str]) -> Any:
        given = {"jurisdiction_id": "contoh.go.id", "api_key": self._key} | fields
        answer = await self._http.post(f"{self._endpoint}/{what}.{self._fmt}", data=given)
        assert answer.status_code == 200, answer.text
        return self._document(answer)

    async def _read(self, address: str, **query: str) -> Any:
        answer = await self._http.get(f"{address}.{self._fmt}", params=query)
        assert answer.status_code == 200, answer.text
        return self._document(answer)

    def _document(self, answer: httpx.Response) -> Any:
        if self._fmt == "json":
            return answer.json()
        return plain(ElementTree.fromstring(answer.content))


def answers(definition: Any, **wished: str) -> dict[str, str]:
    """What a person fills in of a service's questions: only what is asked may be answered, by a value on offer."""
    asked = {each["code"]: each for each in definition["attributes"]}
    for code, value in wished.items():
        offered = [each["key"] for each in asked[code].get("values") or []]
        assert not offered or value in offered
    return {f"attribute[{code}]": value for code, value in wished.items()}


def a_request(service: Any, definition: Any, picture: str) -> dict[str, str]:
    """What a person tells, as FixMyStreet sends it."""
    told = {
        "service_code": service["service_code"],
        "description": HOLE,
        "lat": "-6.914744",
        "long": "107.609810",
        "email": "ani@contoh.example",
        "first_name": "Ani",
        "last_name": "Contoh",
        "media_url": picture,
        "attribute[fixmystreet_id]": "4711",
    }
    return told | answers(definition, title=TITLE, classification="pengaduan_tidak_berkadar_pengawasan")


def an_update(identity: str) -> dict[str, str]:
    return {
        "service_request_id": identity,
        "update_id": "815",
        "status": "OPEN",
        "updated_datetime": "2026-03-02T09:00:00+07:00",
        "description": "Lubangnya makin dalam sejak hujan kemarin.",
    }


async def is_posted(client: Client, picture: str) -> tuple[str, str]:
    """Whatever must be asked before a request can be posted, and the post: its id and its service."""
    await client.discover()
    [service] = [one for one in await client.get("services") if one["service_name"] == "Jalan Berlubang"]
    assert service["metadata"] in (True, "true")
    definition = await client.get(f"services/{service['service_code']}")
    [posted] = await client.post("requests", a_request(service, definition, picture))
    [token] = await client.get(f"tokens/{posted['service_request_id']}")
    return token["service_request_id"], service["service_code"]


@pytest.mark.parametrize("place", [EMBEDDED], indirect=True)
@pytest.mark.parametrize("fmt", ["json", "xml"])
async def test_from_discovery_to_updates(tmp_path: Path, place: Backend, fmt: str) -> None:
    async with GraphServer(photo()) as pictures, installation(tmp_path, place, SERVED) as it:
        key = await make_open311(it, publish=True, private_hosts=["127.0.0.1"])
        client = Client(it.api, key, fmt)
        identity, code = await is_posted(client, f"http://127.0.0.1:{pictures.port}/file")
        await it.settled(identity)

        [found] = await client.get(f"requests/{identity}")
        assert (found["service_request_id"], found["status"]) == (identity, "open")
        assert (found["description"], found["service_code"]) == (HOLE, code)
        assert (float(found["lat"]), float(found["long"])) == (-6.914744, 107.60981)
        assert await client.get("requests", service_request_id=identity) == [found]
        [received] = await client.get("servicerequestupdates")
        assert (received["service_request_id"], received["status"]) == (identity, "OPEN")
        [told] = await client.post("servicerequestupdates", an_update(identity))
        assert told["update_id"] == "815"

        async def followed_up() -> bool:
            return len(it.simulators.sp4n.book.of("followup")) == 1

        await until(followed_up)
        [complaint] = it.simulators.complaints()
        assert complaint["fields"]["title"] == TITLE
        assert [path for path, _ in pictures.seen] == ["/file"]
        assert len(it.simulators.sp4n.book.of("file")) == 1
