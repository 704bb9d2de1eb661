"""LAPOR!'s older interface: what is told, to whom it is attributed, and what its answers prove."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import defusedxml.ElementTree
import pytest

from adapters.contract import Case, DestinationEntry, Reply
from adapters.destinations.lapor_xml.adapter import LaporXml, build
from adapters.destinations.lapor_xml.options import Options
from adapters.destinations.lapor_xml.simulator import TOKEN, TOPICS_KEY, simulated
from adapters.simulator import Book, SimulatedRequest, Simulator
from schemas.base import Schema
from schemas.errors import Busy, Misconfigured
from schemas.handoff import Outcome, OutcomeKind
from tests.fakes.cases import a_case, a_report, a_reporter, an_addition

AT = datetime(2026, 3, 2, 1, 20, tzinfo=UTC)
DELIVERED, UNCERTAIN, REFUSED = OutcomeKind.DELIVERED, OutcomeKind.UNCERTAIN, OutcomeKind.REFUSED


def an_entry(url: str = "https://lapor.example", *, secrets: dict[str, str] | None = None, **options: Any) -> Any:
    known = {"token": TOKEN} if secrets is None else secrets
    hosts = frozenset({"127.0.0.1"})
    return DestinationEntry("lapor-lama", url, Options.model_validate(options), known, private_hosts=hosts)


def sent(case: Case, **options: Any) -> Any:
    destination: LaporXml = build(an_entry(**options))
    step = destination.next_step(case)
    assert step is not None
    return defusedxml.ElementTree.fromstring(destination.build(case, step, AT).body)


def told(root: Any) -> list[str]:
    return [child.text or "" for child in root.find("pelapor")]


def read(reply: Reply, case: Case | None = None, **options: Any) -> Outcome:
    destination: LaporXml = build(an_entry(**options))
    case = case or a_case()
    step = destination.next_step(case)
    assert step is not None
    return destination.read(case, step, reply, AT)


def test_the_reporter_stands_in_pelapor_only_where_it_may() -> None:
    named = a_case(reporter=a_reporter())
    anonymous = a_case(reporter=a_reporter(), report=a_report(is_anonymous=True))
    unnamed = {"first_name": "Kanal", "email": "kanal@kabupaten.example"}
    channel = ["kanal@kabupaten.example", "", "Kanal", ""]
    assert told(sent(named)) == ["wulandari.k@contoh.example", "+628110009988", "Wulandari", "Kusumaningtyas"]
    assert told(sent(anonymous, unnamed=unnamed)) == channel
    assert told(sent(a_case(), unnamed=unnamed)) == channel
    assert told(sent(a_case(reporter=a_reporter(name=None, email=None)))) == ["", "+628110009988", "Anonim", ""]


def test_anonymous_and_secret_are_independent() -> None:
    flags = [
        sent(a_case(report=a_report(is_anonymous=anonymous, is_secret=secret))).find("laporan").attrib
        for anonymous, secret in ((False, False), (True, False), (False, True))
    ]
    assert flags == [
        {"rahasia": "0", "anonim": "0"},
        {"rahasia": "0", "anonim": "1"},
        {"rahasia": "1", "anonim": "0"},
    ]


def test_a_token_with_every_kind_of_character_is_told_as_it_is() -> None:
    assert sent(a_case(), secrets={"token": "{\"a\" & 'b' <c>}"}).get("token") == "{\"a\" & 'b' <c>}"


def test_what_a_citizen_writes_cannot_leave_its_element() -> None:
    evil = a_report(title='</isi></laporan><laporan rahasia="0">', content="]]>\x00\r\n<isi/>")
    root = sent(a_case(report=evil))
    assert [child.tag for child in root] == ["pelapor", "laporan"]
    assert [child.tag for child in root.find("laporan")] == ["isi"]


def test_the_text_keeps_to_its_limit_even_with_the_number_of_the_first_report() -> None:
    longest = a_case(report=a_report(content="x" * 10_000))
    assert len(sent(longest, content_limit=500).findtext("laporan/isi")) == 500
    message = an_addition().messages[0].model_copy(update={"text": "x" * 9000})
    later = an_addition(messages=(message,), prior={"stream": {"tracking_id": "5500001"}})
    text = sent(later, content_limit=500, later="new").findtext("laporan/isi")
    assert text.startswith("Tentang laporan 5500001.\n\n3PKR-RFPG-C6E6 [tambahan]")
    assert len(text) <= 500


@pytest.mark.parametrize(
    ("body", "extra"),
    [
        (b"<r><trackingid>77</trackingid><transaksiid>T9</transaksiid></r>", {"transaction_id": "T9"}),
        (b'<r><data TrackingID="77"/></r>', {}),
        (b'<r xmlns="urn:x"><a><TRACKINGID> 77 </TRACKINGID></a></r>', {}),
    ],
)
def test_a_tracking_id_proves_the_complaint(body: bytes, extra: dict[str, str]) -> None:
    outcome = read(Reply(200, body=body), public_url="https://lapor.example/pengaduan/{tracking_id}")
    assert outcome.receipt is not None
    assert (outcome.kind, outcome.yields) == (DELIVERED, {"tracking_id": "77"} | extra)
    assert (outcome.receipt.public_url, outcome.receipt.extra) == ("https://lapor.example/pengaduan/77", extra)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200),
        Reply(200, body=b"<r><error>token salah</error></r>"),
        Reply(200, body=b"<r><transaksiid>T9</transaksiid></r>"),
        Reply(200, body=b"<r><trackingid>dua kata</trackingid></r>"),
        Reply(200, body=b'{"trackingid": 7}'),
        Reply(409, body=b"<r><trackingid>77</trackingid></r>"),
        Reply(500),
    ],
    ids=str,
)
def test_everything_else_leaves_it_open(reply: Reply) -> None:
    assert read(reply).kind is UNCERTAIN


async def test_a_later_message_is_refused_and_not_sent() -> None:
    destination, case = build(an_entry()), an_addition()
    step = destination.next_step(case)
    assert step is not None
    outcome = destination.read(case, step, await destination.send(destination.build(case, step, AT)), AT)
    assert (outcome.kind, outcome.reason) == (REFUSED, "later_messages_not_taken")


@pytest.mark.parametrize("where", ["body", "header"])
async def test_the_categories_are_read_where_there_is_a_key(where: str) -> None:
    simulator = Simulator(simulated(), book=Book())
    await simulator.start()
    terms = []
    for secrets in ({"token": TOKEN}, {"token": TOKEN, "topics_key": TOPICS_KEY}):
        destination = build(an_entry(simulator.url, secrets=secrets, topics_key=where))
        terms.append([(term.code, term.name, term.parent) for term in await destination.sync()])
        await destination.aclose()
    await simulator.stop()
    assert terms == [[], [("1", "Infrastruktur", None), ("12", "Jalan dan Jembatan", "1"), ("2", "Kesehatan", None)]]


@pytest.mark.parametrize(
    "topics", [[], "x", [{"id": True, "topic_name": "a"}, {"id": 1}, 7, {"id": 1, "topic_name": ""}]]
)
async def test_categories_that_cannot_be_read_are_asked_for_again(topics: Any) -> None:
    app = simulated()
    app.topics = topics
    simulator = Simulator(app, book=Book())
    await simulator.start()
    destination = build(an_entry(simulator.url, secrets={"token": TOKEN, "topics_key": TOPICS_KEY}))
    with pytest.raises(Busy, match="no_list"):
        await destination.sync()
    await destination.aclose()
    await simulator.stop()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 400),
        (b"<lapor token='x'/>", 403),
        (b"<lapor token='{TOKEN-UJI}'/>", 400),
        (b"<lapor token='{TOKEN-UJI}'><pelapor/><laporan/></lapor>", 400),
    ],
)
def test_the_simulator_takes_only_whole_documents(body: bytes, status: int) -> None:
    book = Book()
    request = SimulatedRequest("POST", "/api/stream/addstream", {}, {}, body)
    assert (simulated().take(request, book).status, len(book)) == (status, 0)


def test_an_entry_that_cannot_be_used_is_told_at_once() -> None:
    with pytest.raises(Misconfigured, match="token of lapor-lama"):
        build(an_entry(secrets={"token": ""}))
    with pytest.raises(Misconfigured, match="not those of a lapor_xml"):
        build(DestinationEntry("x", "https://x.example", Schema(), {"token": TOKEN}))
