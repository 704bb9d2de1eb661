"""The entry of an Open311 server, its services, and the small server that plays it."""

from __future__ import annotations

import pytest

from adapters.contract import Circumstances, DestinationEntry
from adapters.destinations.open311.adapter import Open311, build
from adapters.destinations.open311.options import Options, examine
from adapters.destinations.open311.simulator import simulated
from adapters.simulator import Book, SimulatedRequest, Simulator
from schemas.base import Schema
from schemas.errors import Busy, Misconfigured
from tests.contracts.play import play_all
from tests.fakes.cases import a_case
from tests.unit.adapters.open311.builders import an_entry

# ------------------------------------------------------------------------------------------------------------ the entry


def test_a_template_is_examined_with_its_place() -> None:
    entry = an_entry(attributes={"NAMA": "{reporter.name}", "X": "{tiada}"}, media_url="{")
    found = examine(entry, Circumstances(identity=False, production=True, secrets=frozenset({"api_key"})))
    assert [problem.place for problem in found] == [
        ("options", "attributes", "NAMA"),
        ("options", "attributes", "X"),
        ("options", "media_url"),
    ]
    with pytest.raises(Misconfigured) as raised:
        build(entry)
    assert len(raised.value.problems) == 2, "whether it is entitled is known to the configuration only"


def test_an_entry_that_cannot_be_used_is_told_at_once() -> None:
    with pytest.raises(Misconfigured, match="kota cannot be used"):
        build(DestinationEntry("kota", "https://x.example", Options(service_code="A"), {}))
    with pytest.raises(Misconfigured, match="not those of an open311"):
        build(DestinationEntry("kota", "https://x.example", Schema(), {}))
    assert examine(DestinationEntry("kota", "", Schema(), {}), Circumstances(False, False, frozenset())) == []


@pytest.mark.parametrize("format_", ["json", "xml"])
async def test_the_services_are_the_vocabulary(format_: str) -> None:
    simulator = Simulator(simulated(), book=Book())
    await simulator.start()
    destination = build(an_entry(simulator.url, format=format_))
    terms = await destination.sync()
    nowhere = build(an_entry(f"{simulator.url}/lain"))
    with pytest.raises(Busy, match="http_404"):
        await nowhere.sync()
    for one in (destination, nowhere):
        await one.aclose()
    await simulator.stop()
    assert [(term.code, term.name, term.parent) for term in terms] == [
        ("JALAN", "Jalan dan jembatan", "Infrastruktur"),
        ("LAIN", "Lain-lain", "Umum"),
    ]


# -------------------------------------------------------------------------------------------------------- the simulator


async def test_what_was_taken_can_be_asked_for_at_the_simulator() -> None:
    app, book = simulated(), Book()
    simulator = Simulator(app, book=book)
    await simulator.start()
    destination: Open311 = build(an_entry(simulator.url))
    await play_all(destination, a_case())
    await destination.aclose()
    await simulator.stop()
    answers = [
        app.take(SimulatedRequest("GET", f"/requests{tail}.json", {}, {}, b""), book) for tail in ("", "/OPEN-1")
    ]
    assert [(answer.status, b'"OPEN-1"' in answer.body) for answer in answers] == [(200, True), (200, True)]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/requests.json", b"service_code=LAIN&lat=1&long=1", 403, 403),
        ("POST", "/requests.json", b"api_key=kunci-uji&service_code=X", 400, 400),
        ("POST", "/requests.json", b"api_key=kunci-uji&service_code=LAIN", 400, 400),
        ("POST", "/requests.json", b"api_key=kunci-uji&service_code=JALAN&lat=1&long=1", 400, 400),
        (
            "POST",
            "/requests.json",
            b"api_key=kunci-uji&service_code=LAIN&lat=1&long=1&description=" + b"x" * 4001,
            400,
            400,
        ),
        ("POST", "/servicerequestupdates.json", b"api_key=kunci-uji&service_request_id=1", 404, 404),
        ("GET", "/tokens/tok-1.json", b"", 404, 404),
        ("PUT", "/requests.json", b"", 404, 404),
        ("GET", "/requests.pdf", b"", 404, 404),
    ],
)
def test_the_simulator_says_what_is_wrong_as_geo_report_does(
    method: str, path: str, body: bytes, status: int, code: int
) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = simulated().take(SimulatedRequest(method, path, {}, headers, body), Book())
    assert (answer.status, f'"code": {code}'.encode() in answer.body) == (status, True)
