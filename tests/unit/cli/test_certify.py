"""`destination certify`: the bundled example passes, and whatever a ministry got wrong is found by its name."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.destinations.ministry_rest import simulator as ministry
from adapters.simulator import Book, Simulator
from tests.fakes.receivers import SECRET, serving
from tests.unit.cli.world import Cli

SIGNATURES = {
    "refuses_a_wrong_signature",
    "refuses_a_missing_signature",
    "refuses_an_altered_body",
    "refuses_an_old_timestamp",
    "refuses_an_early_timestamp",
    "refuses_a_stranger",
}
REPEATS = {"same_key_same_receipt", "same_key_other_body", "concurrent_repeats"}
EXPECTED: dict[str, set[str]] = {
    "unverified": SIGNATURES,
    "timeless": {"refuses_an_old_timestamp", "refuses_an_early_timestamp"},
    "rewriting": {"reads_the_raw_bytes"},
    "one_signature": {"takes_one_of_two_signatures"},
    "forgetful": REPEATS,
    "racing": {"concurrent_repeats"},
    "strict": {"tolerates_unknown_fields"},
    "breaking": {"refuses_garbage"},
    "narrow": {"takes_a_big_body"},
    "redirecting": {"takes_a_case", "never_redirects"},
    "unreferenced": {"takes_a_case"},
    "one_number": {"different_cases_different_receipts", "takes_an_addition", "takes_a_withdrawal"},
    "overwriting": {"same_key_other_body"},
    "basic_plane": {"takes_every_field"},
    "new_only": {"takes_an_addition", "takes_a_withdrawal"},
    "impatient": {"says_when_to_come_back"},
    "one_at_a_time": {"serves_beside_a_slow_sender", "concurrent_repeats", "answers_in_time"},
}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch, clean_environment: None) -> None:
    monkeypatch.setenv("SP4N_CERTIFY_SECRET", SECRET)


def certified(cli: Cli, url: str, *more: str) -> tuple[int, dict[str, Any]]:
    done = cli("destination", "certify", url, "--json", "--body-size", "100000", *more)
    return done.exit_code, json.loads(done.stdout)


def failed(document: dict[str, Any]) -> set[str]:
    return {one["name"] for one in document["checks"] if one["result"] == "failed"}


def test_the_bundled_example_passes(cli: Cli) -> None:
    with serving("none") as url:
        code, document = certified(cli, url)
    skipped = {one["name"] for one in document["checks"] if one["result"] == "skipped"}
    assert (code, failed(document), document["certified"]) == (0, set(), True)
    assert skipped == {"has_a_certificate", "finds_a_case_by_its_key"}


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_is_found_by_its_name_with_what_to_do(cli: Cli, fault: str) -> None:
    patience = ("--patience", "0.4") if fault == "one_at_a_time" else ()
    with serving(fault) as url:
        code, document = certified(cli, url, *patience)
    assert (code, failed(document), document["certified"]) == (1, EXPECTED[fault], False)
    assert all(bool(one["mend"]) == (one["result"] == "failed") for one in document["checks"])


# ------------------------------------------------------------------------------------------------- a configured one


CONFIG = """\
destinations:
  kementerian:
    adapter: ministry_rest
    url: {url}
    private_hosts: [127.0.0.1]
    options: {{path: /cases, repeat: {mode}, lookup_delay: 0}}
    secrets: {{signing_secret: "{secret}"}}
  desa:
    adapter: inbox
    url: inbox://desa
routes: {{default: [kementerian]}}
"""


@contextmanager
def simulated_ministry(folder: Path, monkeypatch: pytest.MonkeyPatch, mode: ministry.Mode) -> Iterator[Simulator]:
    """The strict simulator on a free port, named in a configuration."""
    simulator = Simulator(ministry.simulated(mode=mode), book=Book())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(simulator.start(), loop).result()
    config = folder / "gateway.yaml"
    config.write_text(CONFIG.format(url=simulator.url, mode=mode, secret=ministry.SECRET), "utf-8")
    monkeypatch.setenv("SP4N_GATEWAY_CONFIG", str(config))
    monkeypatch.setenv("SP4N_GATEWAY_DATA_DIR", str(folder / "data"))
    try:
        yield simulator
    finally:
        asyncio.run_coroutine_threadsafe(simulator.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_configured_destination_is_asked_as_its_entry_says(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulated_ministry(tmp_path, monkeypatch, "lookup") as simulator:
        code, document = certified(cli, "kementerian")
        book = list(simulator.book.entries)
    results = {one["name"]: one["result"] for one in document["checks"]}
    assert (code, failed(document)) == (1, {"tolerates_unknown_fields"})  # the simulator is stricter than it should be
    assert results["finds_a_case_by_its_key"] == "passed"
    assert {results[name] for name in REPEATS} == {"skipped"}
    assert {one["reference"] for one in document["test_cases"]} == {
        entry["reference"] for entry in book if entry["kind"] == "case"
    }


def test_every_test_case_is_marked_and_withdrawn(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with simulated_ministry(tmp_path, monkeypatch, "dedupes") as simulator:
        certified(cli, "kementerian")
        book = list(simulator.book.entries)
    cases = {entry["id"]: entry["body"]["case"] for entry in book if entry["kind"] == "case"}
    assert len(cases) > 5
    assert {entry["id"] for entry in book if entry["kind"] == "withdrawal"} == set(cases)
    assert {("JANGAN DIPROSES" in case["title"], *case["tags"]) for case in cases.values()} == {
        (True, "uji-sertifikasi")
    }


@pytest.mark.parametrize("name", ["desa", "tidak-ada"])
def test_what_cannot_be_certified_is_said(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with simulated_ministry(tmp_path, monkeypatch, "dedupes"):
        done = cli("destination", "certify", name)
    assert done.exit_code in (1, 2)
    assert name in done.stderr


def test_an_address_needs_its_secret(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SP4N_CERTIFY_SECRET")
    done = cli("destination", "certify", "https://layanan.kementerian.example/cases")
    assert (done.exit_code, "SP4N_CERTIFY_SECRET" in done.stderr) == (2, True)


def test_nobody_there_is_said_and_the_rest_is_not_asked(cli: Cli) -> None:
    code, document = certified(cli, "http://127.0.0.1:9/cases")
    assert (code, failed(document), document["test_cases"]) == (1, {"can_be_reached"}, [])


def test_people_read_what_to_do(cli: Cli) -> None:
    with serving("new_only") as url:
        said = cli("destination", "certify", url).stdout
    assert "✓ takes_a_case" in said
    assert "✗ takes_an_addition" in said
    assert "→ terima case.added; prior_reference menyebut kasusnya" in said
    assert "gagal / failed: 2" in said
