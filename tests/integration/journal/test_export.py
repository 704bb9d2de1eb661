"""Evidence bundles out of the ledger: what they hold, what they never hold, and that they verify."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from gateway.bundle import verify_bundle
from gateway.bundle_format import Opening
from gateway.ledger.export import Exported, Selection, export_bundle
from gateway.ledger.log_reading import stored_checkpoints
from gateway.ledger.tables import attempts, checkpoints, report_keys
from gateway.vault import Vault
from schemas.errors import Invalid, NotFound, Tampered
from tests.integration.journal.databases import Database
from tests.integration.journal.world import NOW, ORIGIN, RING, World, sign

Filled = tuple[Database, World]
VKEY = str(RING.journal.verifier)
BODY = b'{"isi": "Lampu jalan padam di RT 3"}'
REPLY = b'{"results": {"id": "8123456"}}'


def exported(base: Database, path: Path, selection: Selection, **given: Any) -> Exported:
    return base.run(lambda conn: export_bundle(conn, path, selection, RING, NOW, **given), keep=False)


def lines(path: Path, kind: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, path.read_text("utf-8").splitlines()) if line["type"] == kind]


def opening(base: Database, world: World, part: str, body: bytes, index: int = 2) -> Opening:
    row = base.run(lambda conn: conn.execute(select(report_keys).where(report_keys.c.subject_id == world.report)).one())
    key = Vault(RING).open_key(world.report, row.wrapped, row.master_key_id)
    return Opening(world.attempts[index], part, key.salt(part, world.attempts[index]), body)


# ------------------------------------------------------------------------------------------------------------- selected


def test_everything_is_exported_and_verifies_offline(filled: Filled, tmp_path: Path) -> None:
    base, _ = filled
    done = exported(base, tmp_path / "semua.jsonl", Selection())
    report = verify_bundle(tmp_path / "semua.jsonl", VKEY)
    assert report == done.report
    assert (report.findings, report.attempts, report.results, done.waiting) == ((), 6, 7, 0)
    assert report.checkpoint is not None
    assert (report.checkpoint.origin, report.checkpoint.size) == (ORIGIN, 13)


def test_the_bundle_of_a_report_holds_all_its_records_and_no_others(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    done = exported(base, tmp_path / "laporan.jsonl", Selection(report_id=world.report))
    records = [json.loads(line["record"]) for line in lines(tmp_path / "laporan.jsonl", "record")]
    assert {record.get("id") or record["attempt_id"] for record in records} == {str(one) for one in world.attempts[:4]}
    assert (done.report.attempts, done.report.results, done.report.selection) == (
        4,
        5,
        {"report_id": str(world.report)},
    )


def test_a_destination_and_a_time_can_be_selected(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    begun = base.run(
        lambda conn: conn.execute(select(attempts.c.started_at).where(attempts.c.id == world.attempts[4])).scalar_one()
    )
    path = tmp_path / "tujuan.jsonl"
    done = exported(base, path, Selection(destination="sp4n", since=begun))
    assert [json.loads(line["record"]).get("id") for line in lines(path, "record")] == [
        str(world.attempts[4]),
        None,
        None,
    ]
    assert done.report.selection == {"destination": "sp4n", "since": begun.isoformat()}
    earlier = exported(base, path, Selection(destination="sp4n", until=begun))
    assert (earlier.report.attempts, earlier.report.results) == (3, 3)


def test_records_are_found_though_the_sequencers_clock_was_far_ahead(filled: Filled, tmp_path: Path) -> None:
    base, world = filled

    def export(conn: Connection) -> Exported:
        conn.execute(update(checkpoints).values(signed_at=NOW - timedelta(days=400)))
        return export_bundle(conn, tmp_path / "a.jsonl", Selection(report_id=world.report), RING, NOW)

    assert base.run(export, keep=False).report.attempts == 4


def test_nothing_selected_is_an_error_and_leaves_no_file(filled: Filled, tmp_path: Path) -> None:
    base, _ = filled
    with pytest.raises(NotFound):
        exported(base, tmp_path / "kosong.jsonl", Selection(destination="tidak-ada"))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_journal_has_nothing_to_export(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        exported(empty, tmp_path / "kosong.jsonl", Selection())


# -------------------------------------------------------------------------------------------------------- personal data


def test_a_bundle_is_for_its_owners_eyes_only_and_holds_no_content(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    path = tmp_path / "laporan.jsonl"
    exported(base, path, Selection(report_id=world.report))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Lampu jalan" not in path.read_text("utf-8")
    assert lines(path, "opening") == []


def test_what_was_sent_and_answered_can_be_shown_while_the_key_is_alive(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    shown = [opening(base, world, "request", BODY), opening(base, world, "response", REPLY)]
    path = tmp_path / "pengadilan.jsonl"
    exported(base, path, Selection(report_id=world.report), openings=shown)
    report = verify_bundle(path, VKEY)
    assert (report.openings, report.findings) == (2, ())


def test_content_that_was_not_sent_is_not_exported_as_sent(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    with pytest.raises(Tampered, match=f"The request shown for attempt {world.attempts[2]} is not the one"):
        exported(
            base,
            tmp_path / "a.jsonl",
            Selection(report_id=world.report),
            openings=[opening(base, world, "request", b"lain")],
        )
    assert list(tmp_path.iterdir()) == []


def test_contents_are_shown_of_one_report_only(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    with pytest.raises(Invalid):
        exported(base, tmp_path / "a.jsonl", Selection(), openings=[opening(base, world, "request", BODY)])


# -------------------------------------------------------------------------------------------------- earlier checkpoints


def test_a_bundle_shows_that_its_log_continues_an_earlier_checkpoint(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    kept = [stored.note for stored in base.run(lambda conn: list(stored_checkpoints(conn)))]
    path = tmp_path / "a.jsonl"
    exported(base, path, Selection(report_id=world.report), earlier=kept[:-1])
    report = verify_bundle(path, VKEY, against=kept)
    assert (report.findings, report.earlier) == ((), (2, 5, 7, 9, 12, 13))


def test_a_bundle_cannot_continue_a_checkpoint_beyond_the_end_of_its_log(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    newer = sign(14, bytes(32))
    with pytest.raises(Tampered, match="the log ends before the checkpoint for 14 records"):
        exported(base, tmp_path / "a.jsonl", Selection(report_id=world.report), earlier=[newer])


def test_a_bundle_continues_checkpoints_of_its_own_journal_only(filled: Filled, tmp_path: Path) -> None:
    base, _ = filled
    with pytest.raises(Invalid, match="not one of this journal"):
        exported(base, tmp_path / "a.jsonl", Selection(), earlier=["apa saja"])
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_without_that_proof_does_not_satisfy_who_kept_a_checkpoint(filled: Filled, tmp_path: Path) -> None:
    base, world = filled
    kept = [stored.note for stored in base.run(lambda conn: list(stored_checkpoints(conn)))]
    path = tmp_path / "a.jsonl"
    exported(base, path, Selection(report_id=world.report))
    sentences = [finding.sentence for finding in verify_bundle(path, VKEY, against=kept[:1]).findings]
    assert sentences == ["The bundle does not show that its log continues the checkpoint kept elsewhere (2 records)."]


# ------------------------------------------------------------------------------------------------------------- tampered


def test_a_record_that_does_not_fit_the_log_is_not_exported(filled: Filled, tmp_path: Path) -> None:
    base, world = filled

    def export(conn: Connection) -> Exported:
        conn.execute(update(attempts).where(attempts.c.id == world.attempts[0]).values(step="lain"))
        return export_bundle(conn, tmp_path / "a.jsonl", Selection(report_id=world.report), RING, NOW)

    with pytest.raises(Tampered, match="the attempt at position 0 does not fit the log"):
        base.run(export, keep=False)
    assert list(tmp_path.iterdir()) == []
