"""The benchmarks work: every part of a measurement, small, and what its numbers are made of."""

from __future__ import annotations

import hashlib
import json
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest

from adapters.channels.native.adapter import NativeChannel
from adapters.destinations import DESTINATIONS
from benchmarks.__main__ import minutes_of, options
from benchmarks.bodies import BYTES, MARK, reports
from benchmarks.compared import OURS, compare
from benchmarks.floor import read
from benchmarks.load import Posted, Target, is_whole
from benchmarks.meter import cpu_seconds, memory_bytes, used_since
from benchmarks.place import Arrived, made_place
from benchmarks.product import configuration
from benchmarks.rounds import Load, Phase, Round, wrong
from benchmarks.sink import Book
from benchmarks.table import print_ratios
from gateway.classify import classify
from gateway.config import parse_config
from gateway.likeness import Likeness, alike, likeness_of
from gateway.route import route
from schemas.report import Report
from schemas.screening import VerdictKind

EMBEDDED = "gateway, embedded"
SMALL = Load(reports=20, at_once=4, warm_up=4, paced_seconds=0.1, settle_seconds=0.0)


def test_a_small_comparison_loses_no_report_and_prints_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    with made_place() as place:
        assert compare(place, {EMBEDDED: OURS[EMBEDDED]}, 1, SMALL)
    printed = capsys.readouterr().out
    assert f"| {EMBEDDED} |" in printed
    assert "WRONG" not in printed


def test_what_is_read_for_the_floor_is_found_to_be_a_report_and_goes_to_both_destinations() -> None:
    for _, body in reports(1, 20):
        verdict, decision = read(NativeChannel(), body)
        assert verdict.kind is VerdictKind.ACCEPT
        assert set(decision.targets) == {"first", "second"}


def test_every_report_is_as_long_as_the_others_and_carries_its_number() -> None:
    bodies = dict(reports(7, 50))
    assert {len(body) for body in bodies.values()} == {BYTES}
    assert len({json.loads(body)["content"] for body in bodies.values()}) == 50
    assert [int(found[1]) for body in bodies.values() if (found := MARK.search(body))] == list(bodies)


def test_no_report_is_taken_for_the_event_of_another() -> None:
    found = [_likeness(number, json.loads(body)) for number, body in reports(1_000_000, 100)]
    sketches = [likeness.sketch for likeness in found if likeness]
    assert len(sketches) == 100
    assert [pair for pair in combinations(sketches, 2) if alike(*pair, same_sender=False) is not None] == []


def _likeness(number: int, body: dict[str, Any]) -> Likeness | None:
    def hashed(text: str) -> bytes:
        return hashlib.sha256(text.encode()).digest()[:16]

    report = Report(title=body["title"], content=body["content"], location=body["location"])
    return likeness_of(report, classify(report), hashed(str(number)), UUID(int=0), hashed)


def test_a_report_has_come_when_both_destinations_have_it_and_a_second_time_is_told() -> None:
    book = Book()
    for destination, number in ((0, 1), (1, 1), (0, 2), (0, 2)):
        book.take(destination, number)
    told = json.loads(book.answer(b"forget"))
    assert [number for number, _ in told["whole"]] == [1]
    assert (told["count"], told["again"]) == (3, 1)
    assert book.answer(b"count") == "0"


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        (b"HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}", True),
        (b"HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{", False),
        (b"HTTP/1.1 202 Accepted\r\ncontent-le", False),
        (b"HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n", False),
    ],
)
def test_an_answer_is_whole_by_its_length_or_its_last_chunk(answer: bytes, whole: bool) -> None:
    assert is_whole(answer) is whole


def test_a_request_is_what_a_server_reads() -> None:
    request = Target(8080, "/v1/reports", (("Authorization", "Bearer key"),)).request(b"{}")
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"POST /v1/reports HTTP/1.1"
    assert b"Authorization: Bearer key" in head
    assert (b"Content-Length: 2" in head, body) == (True, b"{}")


@pytest.mark.parametrize(
    ("arguments", "minutes"), [(["soak"], 3), (["soak", "--minutes", "7"], 7), (["soak", "--long"], 30)]
)
def test_the_soak_lasts_as_long_as_was_asked(arguments: list[str], minutes: int) -> None:
    assert minutes_of(options(arguments)) == minutes


def test_what_was_refused_lost_or_doubled_is_told() -> None:
    posted = Posted({1: 0.0, 2: 0.0, 3: 0.0}, {1: 0.1, 2: 0.1}, refused=1, said=b"HTTP/1.1 429")
    assert wrong(posted, Arrived({1: 0.2}, again=2, handoffs=2)) == (
        "1 refused: HTTP/1.1 429, 1 accepted reports did not arrive, 2 hand-offs came more than once"
    )
    assert wrong(Posted({1: 0.0}, {1: 0.1}), Arrived({1: 0.2}, again=0, handoffs=2)) == ""


def test_processes_are_counted_by_role_and_only_what_they_used_since() -> None:
    processes = {"server": [psutil.Process()], "workers": []}
    before = cpu_seconds(processes)
    sum(range(100_000))
    used = used_since(before, processes)
    assert used["server"] >= 0.0
    assert used["workers"] == 0.0
    assert memory_bytes(processes)["server"] > 1 << 20


def test_a_ratio_is_taken_round_by_round_and_shown_with_its_spread(capsys: pytest.CaptureFixture[str]) -> None:
    print_ratios({EMBEDDED: [_round(1.0), _round(1.0)], "celery": [_round(8.0), _round(12.0)]}, [EMBEDDED])
    assert f"| celery : {EMBEDDED} | 10.0 (8.0 to 12.0) |" in capsys.readouterr().out


def _round(cpu: float) -> Round:
    phase = Phase(10, 1.0, {"server": cpu}, (0.1, 0.2, 0.3))
    return Round(phase, phase, phase, {"server": 1 << 20})


def test_the_lock_of_the_node_peer_names_versions_and_hashes_and_no_address() -> None:
    text = (Path(__file__).parents[2] / "benchmarks/peers/bullmq/package-lock.json").read_text("utf-8")
    packages = [package for name, package in json.loads(text)["packages"].items() if name]
    assert [package for package in packages if not (package["version"] and package["integrity"])] == []
    assert "://" not in text


@pytest.mark.parametrize("number", [2, 6, 200])
def test_of_many_destinations_each_report_is_owed_to_two(number: int) -> None:
    text = configuration({f"destination-{each:03}": 8000 + each for each in range(number)})
    config = parse_config(text, file="gateway.yaml", kinds=DESTINATIONS, production=False, environ={})
    bodies = (json.loads(body) for _, body in reports(0, 1_000))
    posted = (Report(title=one["title"], content=one["content"], location=one["location"]) for one in bodies)
    owed = [tuple(route(each, "bench", config.rules).targets) for each in posted]
    assert {len(pair) for pair in owed} == {2}
    assert len({name for pair in owed for name in pair}) == number
