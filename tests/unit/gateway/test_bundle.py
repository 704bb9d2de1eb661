"""A bundle verifies offline with the public key alone, and any change to it is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gateway.bundle import BundleReport, verify_bundle
from gateway.bundle_format import BundleWriter, Opening
from gateway.commitments import commitment_of
from gateway.findings import Problem, Subject
from gateway.merkle import consistency_proof, inclusion_proof, leaf_hash, range_hash_of
from gateway.notes import Checkpoint, InvalidNote, Signer, sign_checkpoint
from gateway.records import attempt_record, result_record

ORIGIN = "jurnal.example.go.id/uji"
SIGNER = Signer(ORIGIN, bytes(range(32)))
STRANGER = Signer(ORIGIN, bytes(32))
VKEY = str(SIGNER.verifier)
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REPORT = UUID(int=99)
BODY = b"Lampu jalan padam"
SALT = b"g" * 32


def attempt(number: int) -> bytes:
    return attempt_record(
        id=UUID(int=number), handoff_id=UUID(int=50), report_id=REPORT, destination="sp4n", step="create",
        number=number, started_at=AT, worker=UUID(int=70), request=commitment_of(SALT, BODY),
    )  # fmt: skip


def result(number: int) -> bytes:
    return result_record(
        attempt_id=UUID(int=number), source="reply", ended_at=AT, outcome="delivered", reason="ok", status=200,
        actor=None, response=commitment_of(SALT, b"ok"), receipt={"reference": "8123456"}, sealed_excerpt=b"tersegel",
    )  # fmt: skip


OTHERS = [leaf_hash(number.to_bytes(1)) for number in range(5)]
RECORDS = {5: attempt(1), 6: attempt(2), 7: result(1), 9: result(2)}
LEAVES = [*OTHERS, *(leaf_hash(RECORDS[at]) if at in RECORDS else leaf_hash(b"lain") for at in range(5, 11))]
RANGE = range_hash_of(LEAVES)


def checkpoint(size: int = 11, signer: Signer = SIGNER) -> str:
    return sign_checkpoint(Checkpoint(ORIGIN, size, RANGE(0, size)), signer)


def write(path: Path, *, openings: tuple[Opening, ...] = (), signer: Signer = SIGNER) -> None:
    with path.open("wb") as out:
        writer = BundleWriter(out)
        writer.begin(
            made_at="2026-03-02T02:00:00+00:00",
            selection={"report_id": str(REPORT)},
            checkpoint=checkpoint(),
            key=signer.verifier,
        )
        writer.earlier(checkpoint(7), consistency_proof(7, 11, RANGE))
        for position, record in RECORDS.items():
            writer.record(position, record, inclusion_proof(position, 11, RANGE))
        for opening in openings:
            writer.opening(opening)
        writer.end(signer)


OPENINGS = (Opening(UUID(int=1), "request", SALT, BODY), Opening(UUID(int=2), "response", SALT, b"ok"))
LINES = 9  # head, earlier, four records, two openings, end


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "bukti.jsonl"
    write(made, openings=OPENINGS)
    return made


def spoilt(path: Path, number: int, spoil: Callable[[dict[str, Any]], object]) -> BundleReport:
    """The report on the bundle with one of its lines changed."""
    lines = path.read_text("utf-8").splitlines()
    line = json.loads(lines[number])
    spoil(line)
    lines[number] = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return verify_bundle(path, VKEY)


def found(report: BundleReport) -> list[tuple[Problem, Subject]]:
    return [(finding.problem, finding.subject) for finding in report.findings]


CHANGED = (Problem.ALTERED, Subject.BUNDLE)


# ---------------------------------------------------------------------------------------------------------------- whole


def test_an_untouched_bundle_is_whole(path: Path) -> None:
    report = verify_bundle(path, VKEY)
    assert report.findings == ()
    assert (report.attempts, report.results, report.openings, report.earlier) == (2, 2, 2, (7, 11))
    assert report.checkpoint == Checkpoint(ORIGIN, 11, RANGE(0, 11))


def test_a_journal_whose_key_was_rotated_is_verified_with_several_keys(path: Path) -> None:
    assert verify_bundle(path, [str(STRANGER.verifier), VKEY]).whole


def test_a_checkpoint_kept_elsewhere_is_compared(path: Path) -> None:
    assert verify_bundle(path, VKEY, [checkpoint(7), checkpoint(11)]).whole
    unproved = verify_bundle(path, VKEY, [checkpoint(6)])
    assert found(unproved) == [(Problem.UNEXPLAINED, Subject.CHECKPOINT)]
    forged = sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), SIGNER)
    assert found(verify_bundle(path, VKEY, [forged])) == [(Problem.UNEXPLAINED, Subject.CHECKPOINT)]
    assert found(verify_bundle(path, VKEY, ["apa saja"])) == [(Problem.UNSIGNED, Subject.CHECKPOINT)]


def test_a_mistyped_key_is_an_error_and_no_finding(path: Path) -> None:
    with pytest.raises(InvalidNote):
        verify_bundle(path, VKEY.replace("+A", "+B"))


# -------------------------------------------------------------------------------------------------------------- changed


@pytest.mark.many_rounds
def test_any_changed_byte_anywhere_is_found(path: Path) -> None:
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert not verify_bundle(path, VKEY).whole, f"byte {at}"


@pytest.mark.parametrize("number", range(LINES))
def test_any_removed_line_is_found(path: Path, number: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    assert len(lines) == LINES
    path.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))
    assert not verify_bundle(path, VKEY).whole


@pytest.mark.parametrize("number", range(LINES - 1))
def test_any_two_neighbouring_lines_that_changed_places_are_found(path: Path, number: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[number : number + 2] = lines[number + 1], lines[number]
    path.write_bytes(b"".join(lines))
    assert not verify_bundle(path, VKEY).whole


def test_an_altered_record_is_named_with_its_report_and_destination(path: Path) -> None:
    report = spoilt(path, 4, lambda line: line.update(record=line["record"].replace("delivered", "refused")))
    finding = report.findings[0]
    assert (finding.attempt_id, finding.report_id, finding.destination, finding.position) == (
        UUID(int=1),
        REPORT,
        "sp4n",
        7,
    )
    assert finding.sentence == (
        f"The reply result of attempt {UUID(int=1)} of report {REPORT} to sp4n was altered, "
        "or was never at position 7 of the log that the checkpoint signs."
    )
    assert found(report) == [(Problem.ALTERED, Subject.RESULT), CHANGED]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.update(position=8),
        lambda line: line["proof"].pop(),
        lambda line: line["proof"].reverse(),
        lambda line: line["proof"].append(line["proof"][0]),
    ],
)
def test_a_proof_that_does_not_fit_is_found(path: Path, spoil: Callable[[dict[str, Any]], object]) -> None:
    assert (Problem.ALTERED, Subject.RESULT) in found(spoilt(path, 4, spoil))


def test_a_removed_record_is_named_by_its_position(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:4] + lines[5:]))
    sentences = [finding.sentence for finding in verify_bundle(path, VKEY).findings]
    assert "The record at position 7 of the log was removed from the bundle." in sentences


def test_a_result_whose_attempt_was_removed_is_named(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    report = verify_bundle(path, VKEY)
    assert (Problem.UNEXPLAINED, Subject.RESULT) in found(report)
    assert UUID(int=1) in {finding.attempt_id for finding in report.findings}


def test_records_that_changed_places_are_named(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2:4] = lines[3], lines[2]
    path.write_bytes(b"".join(lines))
    assert (Problem.MOVED, Subject.ATTEMPT) in found(verify_bundle(path, VKEY))


def test_a_record_put_in_is_found_even_with_a_true_proof(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:5], lines[4], *lines[5:]]))
    assert (Problem.MOVED, Subject.RESULT) in found(verify_bundle(path, VKEY))


def test_a_checkpoint_signed_by_a_stranger_is_refused(path: Path) -> None:
    report = spoilt(path, 0, lambda line: line.update(checkpoint=checkpoint(signer=STRANGER)))
    assert (Problem.UNSIGNED, Subject.CHECKPOINT) in found(report)
    assert report.checkpoint is None


def test_a_bundle_that_a_stranger_made_of_true_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "palsu.jsonl"
    write(path, signer=STRANGER)
    assert found(verify_bundle(path, VKEY)) == [(Problem.UNSIGNED, Subject.BUNDLE)]


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        (sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), SIGNER), Problem.ALTERED),
        (checkpoint(7, STRANGER), Problem.UNSIGNED),
    ],
    ids=["of another tree", "of a stranger"],
)
def test_an_earlier_checkpoint_that_the_log_does_not_continue_is_named(path: Path, note: str, problem: Problem) -> None:
    assert (problem, Subject.CHECKPOINT) in found(spoilt(path, 1, lambda line: line.update(checkpoint=note)))


def test_content_that_was_not_sent_is_named(path: Path) -> None:
    report = spoilt(path, 6, lambda line: line.update(body="bGFpbg=="))
    assert found(report)[0] == (Problem.ALTERED, Subject.OPENING)
    assert (
        report.findings[0].sentence == f"The request shown for attempt {UUID(int=1)} is not the one that was recorded."
    )


def test_a_bundle_that_was_cut_off_says_so(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:5]) + lines[5][:40])
    assert (Problem.MISSING, Subject.BUNDLE) in found(verify_bundle(path, VKEY))


def test_records_that_the_end_does_not_list_are_found(path: Path) -> None:
    report = spoilt(path, LINES - 1, lambda line: line.update(positions=[[5, 7]]))
    assert found(report) == [(Problem.ADDED, Subject.BUNDLE), CHANGED]
    assert report.findings[0].sentence == "The bundle holds 1 records more than it lists."


def test_what_is_appended_after_the_end_is_found(path: Path) -> None:
    path.write_bytes(path.read_bytes() + path.read_bytes())
    assert {CHANGED} == set(found(verify_bundle(path, VKEY)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.update(positions="apa"),
        lambda line: line.update(positions=[[5]]),
        lambda line: line.update(positions=[[5, 10**15]]),
        lambda line: line.update(note="apa"),
        lambda line: line.pop("note"),
    ],
)
def test_a_damaged_end_is_found(path: Path, spoil: Callable[[dict[str, Any]], object]) -> None:
    assert not spoilt(path, LINES - 1, spoil).whole


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b"[1]\n", b"\xff\xfe\n", b'{"type":"bundle"}\n', b"null\n"])
def test_garbage_is_survived(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert not verify_bundle(path, VKEY).whole


def test_a_bundle_of_a_version_that_is_not_known_says_so(path: Path) -> None:
    report = spoilt(path, 0, lambda line: line.update(version=99))
    assert "Version 99 of the bundle is not known here." in [finding.sentence for finding in report.findings]
