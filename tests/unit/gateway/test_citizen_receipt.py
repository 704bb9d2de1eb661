"""The citizen's receipt: genuine in every form, refused once a byte was changed, honest about what is not signed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from gateway.citizen_receipt import main, told
from gateway.citizen_receipt_check import ReceiptReport, SaidReceived, check_receipt
from gateway.citizen_receipt_format import (
    COMPACT_LIMIT,
    Material,
    ProvenRecord,
    Received,
    Standing,
    receipt_bytes,
    to_link,
    written,
)
from gateway.findings import Problem
from gateway.merkle import inclusion_proof, leaf_hash, range_hash_of
from gateway.notes import Checkpoint, Signer, sign, sign_checkpoint
from gateway.records import attempt_record, result_record

SIGNER = Signer("jurnal.example.go.id/uji", bytes(range(32)))
TRUSTED = (SIGNER.verifier,)
DATA = Path(__file__).resolve().parents[2] / "data"
CODE, AT, MADE = "3PKR-RFPG-C6E6", datetime(2026, 3, 2, 1, 0, tzinfo=UTC), "2026-03-02T02:00:00Z"
ENDED = "2026-03-02T01:00:00.000000Z"
ATTEMPT = attempt_record(
    id=UUID(int=1), handoff_id=UUID(int=2), report_id=UUID(int=3), destination="kemenkes", step="post", number=1,
    started_at=AT, worker=UUID(int=4), request=bytes(32),
)  # fmt: skip
RESULT = result_record(
    attempt_id=UUID(int=1), source="reply", ended_at=AT, outcome="delivered", reason="http_201", status=201,
    actor=None, response=None, receipt={"reference": "KEM-2026-7"}, sealed_excerpt=None,
)  # fmt: skip
LEAVES = [leaf_hash(record) for record in (b"another", ATTEMPT, RESULT)]
HASHES = range_hash_of(LEAVES)
NOTE = sign_checkpoint(Checkpoint(SIGNER.name, 3, HASHES(0, 3)), SIGNER)


def proven(position: int, record: bytes | None) -> ProvenRecord:
    return ProvenRecord(position, record, LEAVES[position], tuple(inclusion_proof(position, 3, HASHES)))


HELD = Received(
    "kemenkes", str(UUID(int=2)), "KEM-2026-7", ENDED, "referenced", (proven(1, ATTEMPT), proven(2, RESULT))
)
MATERIAL = Material(str(UUID(int=3)), CODE, NOTE, (HELD,), ())


NAMES = {"kemenkes": "Kementerian Kesehatan", "desa": "tidak ada di tanda terima"}


def made(material: Material = MATERIAL) -> str:
    return receipt_bytes(material, MADE, SIGNER, NAMES).decode()


def compact(material: Material = MATERIAL) -> str:
    note: str = json.loads(made(material))["compact"]
    return note


def problems(report: ReceiptReport) -> set[Problem]:
    return {finding.problem for finding in report.findings}


@pytest.mark.parametrize(
    "text", [made(), made().replace("\n", "\r\n"), compact(), to_link("https://x.id/periksa", compact())]
)
def test_it_is_genuine_in_every_form_in_which_people_have_it(text: str) -> None:
    report = check_receipt(text, TRUSTED)
    assert (report.findings, report.received) == ((), (SaidReceived("kemenkes", ENDED, "KEM-2026-7"),))
    assert (report.is_of(CODE), report.is_of("K7RM-4XQ9-HT3C")) == (True, False)


@pytest.mark.many_rounds
def test_a_change_of_any_byte_is_refused_and_named() -> None:
    text = made()
    for place in range(len(text) - 1):
        other = "x" if text[place] != "x" else "y"
        report = check_receipt(f"{text[:place]}{other}{text[place + 1 :]}", TRUSTED)
        assert not report.genuine, place
        assert all(finding.sentence for finding in report.findings)


def test_a_change_of_any_byte_of_the_short_form_is_refused() -> None:
    text = compact().rstrip()
    changed = (f"{text[:place]}{chr(ord(text[place]) ^ 1)}{text[place + 1 :]}" for place in range(len(text)))
    assert {check_receipt(each, TRUSTED).genuine for each in changed} == {False}


def test_another_journals_receipt_is_not_genuine() -> None:
    assert problems(check_receipt(made(), [Signer("lain.example/uji", bytes(32)).verifier])) == {Problem.UNSIGNED}


@pytest.mark.parametrize(
    ("held", "problem"),
    [
        (replace(HELD, reference="KEM-2026-8"), Problem.UNEXPLAINED),
        (replace(HELD, delivered_at="2026-03-01T01:00:00.000000Z"), Problem.UNEXPLAINED),
        (replace(HELD, destination="sp4n"), Problem.UNEXPLAINED),
        (replace(HELD, records=()), Problem.MISSING),
        (replace(HELD, records=(proven(1, ATTEMPT), replace(proven(2, RESULT), position=0))), Problem.ALTERED),
    ],
)
def test_even_whoever_signs_cannot_say_what_the_log_does_not(held: Received, problem: Problem) -> None:
    assert problem in problems(check_receipt(made(replace(MATERIAL, received=(held,))), TRUSTED))


def test_a_record_that_names_the_staff_is_proved_by_its_hash() -> None:
    withheld = replace(HELD, records=(proven(1, ATTEMPT), proven(2, None)))
    text = made(replace(MATERIAL, received=(withheld,)))
    assert (check_receipt(text, TRUSTED).genuine, '"leaf"' in text) == (True, True)


@pytest.mark.parametrize(
    ("received", "waiting", "standing"),
    [
        ((HELD,), (), Standing.SIGNED),
        ((HELD,), (("sp4n", "pending"),), Standing.PARTLY_SIGNED),
        ((), (("sp4n", "not_yet_signed"),), Standing.NOT_YET_SIGNED),
        ((), (("sp4n", "parked"),), Standing.NOT_RECEIVED),
    ],
)
def test_it_says_how_much_of_it_is_signed(
    received: tuple[Received, ...], waiting: tuple[tuple[str, str], ...], standing: Standing
) -> None:
    material = replace(MATERIAL, received=received, open=waiting, checkpoint=NOTE if received else None)
    report = check_receipt(made(material), TRUSTED)
    assert (report.standing, report.open, report.findings) == (standing, waiting, ())


def test_the_short_form_counts_what_it_has_no_room_for() -> None:
    many = tuple(replace(HELD, destination=f"tujuan-{number}") for number in range(20))
    note = compact(replace(MATERIAL, received=many))
    report = check_receipt(note, TRUSTED)
    assert (len(report.received) + report.more, report.more > 0) == (20, True)
    assert len(note.encode()) < COMPACT_LIMIT + 150


def test_a_reformatted_receipt_is_refused() -> None:
    document = json.loads(made())
    assert check_receipt(written(document).decode(), TRUSTED).genuine
    assert problems(check_receipt(json.dumps(document), TRUSTED)) == {Problem.ALTERED}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "{" * 3000, '{"type": "sp4n-gateway receipt"}', "https://x.id/#zz", "x" * 2_000_000]
)
def test_nonsense_is_no_receipt(text: str) -> None:
    assert not check_receipt(text, TRUSTED).genuine


@pytest.mark.parametrize("text", ["", "[]", "halo", "https://x.id/#zz"])
def test_what_is_no_receipt_at_all_is_said_to_be_unreadable_not_altered(text: str) -> None:
    assert problems(check_receipt(text, TRUSTED)) == {Problem.UNREADABLE}


def test_the_program_needs_the_file_and_the_key_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, key = tmp_path / "tanda.json", str(SIGNER.verifier)
    path.write_text(made(), "utf-8")
    code = "import sys; from gateway.citizen_receipt import main; r = main(sys.argv[1:]); "
    code += "assert not {'orjson', 'sqlalchemy', 'pydantic'} & set(sys.modules); sys.exit(r)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), "--key", key], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "ASLI / GENUINE")
    assert (main([str(path), "--key", key, "--code", CODE]), main([str(path), "--key", key, "--code", "lain"])) == (
        0,
        1,
    )
    assert (main([str(path), "--key", "bukan+kunci"]), main([str(tmp_path / "tidak-ada"), "--key", key])) == (2, 2)
    path.write_text(made().replace("KEM-2026-7", "KEM-2026-9"), "utf-8")
    assert main([str(path), "--key", key]) == 1
    assert "diubah / altered" in capsys.readouterr().out


def test_a_short_form_that_was_signed_over_nonsense_is_damaged() -> None:
    report = check_receipt(sign(f"{compact().splitlines()[0]}\n", SIGNER), TRUSTED)
    assert not report.genuine
    assert "damaged" in report.findings[0].sentence


def test_a_receipt_of_a_version_that_is_not_known_says_so() -> None:
    document = json.loads(made()) | {"version": 99}
    report = check_receipt(written(document).decode(), TRUSTED)
    assert "Version 99 of a receipt is not known here." in [one.sentence for one in report.findings]


def test_a_short_form_is_told_without_a_standing() -> None:
    said = told(check_receipt(compact(), TRUSTED))
    assert said.startswith("ASLI / GENUINE")
    assert "Keadaan / standing" not in said


@pytest.mark.parametrize("text", [made(), compact(), to_link("https://x.id/periksa", compact())])
def test_whoever_received_it_is_called_by_the_name_that_people_know(text: str) -> None:
    report = check_receipt(text, TRUSTED)
    assert report.names == {"kemenkes": "Kementerian Kesehatan"}
    assert "Diterima / received: Kementerian Kesehatan, 2026" in told(report)
    assert "kemenkes" not in told(report)


def test_who_is_still_waited_for_is_too() -> None:
    material = replace(MATERIAL, received=(), open=(("kemenkes", "pending"), ("dinas", "parked")))
    lines = told(check_receipt(made(material), TRUSTED)).splitlines()
    assert [line.split(":")[0] for line in lines[-2:]] == ["Kementerian Kesehatan", "dinas"]


def test_a_name_that_was_changed_is_noticed() -> None:
    text = made().replace("Kementerian Kesehatan", "Kementerian Sosial")
    assert Problem.ALTERED in problems(check_receipt(text, TRUSTED))
    assert not check_receipt(compact().replace("Kesehatan", "Sosial"), TRUSTED).genuine


def test_a_name_for_which_the_short_form_has_no_room_is_left_out() -> None:
    held = tuple(replace(HELD, destination=f"instansi-{number}") for number in range(9))
    names = {one.destination: "Dinas " + "x" * 200 for one in held}
    short = json.loads(receipt_bytes(replace(MATERIAL, received=held), MADE, SIGNER, names))["compact"]
    assert len(short.split("\n\n")[0]) < COMPACT_LIMIT
    report = check_receipt(short, TRUSTED)
    assert (report.genuine, len(report.received) + report.more) == (True, 9)


@pytest.mark.parametrize("form", ["json", "txt"])
def test_a_receipt_of_version_1_stays_what_it_was(form: str) -> None:
    report = check_receipt((DATA / f"receipt_version_1.{form}").read_text("utf-8"), TRUSTED)
    assert (report.findings, report.received) == ((), (SaidReceived("kemenkes", ENDED, "KEM-2026-7"),))
    assert (report.is_of(CODE), report.names, "received: kemenkes" in told(report)) == (True, {}, True)


def test_a_version_that_is_not_known_is_refused() -> None:
    assert not check_receipt(made().replace('"version": 2', '"version": 3'), TRUSTED).genuine
    assert not check_receipt(made().replace('"version": 2', '"version": 1'), TRUSTED).genuine
