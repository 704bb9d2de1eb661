"""Whatever is altered, removed or cut off in the log itself is found: batches, checkpoints, head."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, select, update

from gateway.findings import Problem, Subject
from gateway.ledger.tables import attempts, checkpoints, handoffs, log_batches, log_head
from gateway.merkle import leaf_hash
from gateway.records import attempt_record
from tests.integration.journal.tampering import Filled, after, changed, cut_tail, found, starts
from tests.integration.journal.world import verified


@pytest.mark.parametrize("index", range(6))
def test_a_removed_batch_is_missed(filled: Filled, index: int) -> None:
    base, _ = filled
    start = starts(base)[index]
    report = after(base, lambda conn: conn.execute(delete(log_batches).where(log_batches.c.start == start)))
    assert (Problem.MISSING, Subject.BATCH, None) in found(report)


@pytest.mark.parametrize("column", [column.name for column in log_batches.c])
@pytest.mark.parametrize("index", [1, 5])
def test_a_changed_batch_is_found(filled: Filled, column: str, index: int) -> None:
    base, _ = filled
    start = starts(base)[index]
    row = log_batches.c.start == start

    def tamper(conn: Connection) -> None:
        value = conn.execute(select(log_batches.c[column]).where(row)).scalar_one()
        conn.execute(update(log_batches).where(row).values({column: changed(value)}))

    report = after(base, tamper)
    assert {finding.subject for finding in report.findings} & {Subject.BATCH, Subject.ATTEMPT, Subject.RESULT}


@pytest.mark.parametrize("byte", [0, 1, 16, 17, 24, 25, 32])
def test_an_entry_of_a_batch_that_was_changed_in_any_of_its_bytes_is_found(filled: Filled, byte: int) -> None:
    base, _ = filled

    def tamper(conn: Connection) -> None:
        entries = bytearray(conn.execute(select(log_batches.c.entries).where(log_batches.c.start == 0)).scalar_one())
        entries[byte] ^= 1
        conn.execute(update(log_batches).where(log_batches.c.start == 0).values(entries=bytes(entries)))

    assert 0 in {finding.position for finding in after(base, tamper).findings}


def test_two_entries_of_a_batch_that_changed_places_are_found_with_their_leaves(filled: Filled) -> None:
    base, world = filled

    def tamper(conn: Connection) -> None:
        batch = conn.execute(select(log_batches).where(log_batches.c.start == 0)).one()
        entries = batch.entries[33:66] + batch.entries[:33]
        leaves = batch.leaves[32:64] + batch.leaves[:32]
        conn.execute(update(log_batches).where(log_batches.c.start == 0).values(entries=entries, leaves=leaves))

    report = after(base, tamper)
    assert (Problem.MOVED, Subject.ATTEMPT, world.attempts[0]) in found(report)
    assert (Problem.ALTERED, Subject.BATCH, None) in found(report)


def test_a_changed_leaf_is_narrowed_down_to_its_batch_and_its_record(filled: Filled) -> None:
    base, _ = filled
    start, end = starts(base)[2], starts(base)[3]

    def tamper(conn: Connection) -> None:
        leaves = conn.execute(select(log_batches.c.leaves).where(log_batches.c.start == start)).scalar_one()
        conn.execute(update(log_batches).where(log_batches.c.start == start).values(leaves=changed(leaves)))

    report = after(base, tamper)
    assert [(finding.subject, finding.position) for finding in report.findings if finding.subject is Subject.BATCH] == [
        (Subject.BATCH, start)
    ]
    assert f"positions {start} to {end - 1} " in report.findings[0].sentence
    assert [finding.position for finding in report.findings if finding.attempt_id] == [start]


def test_a_record_rewritten_with_its_leaf_everywhere_still_breaks_the_signed_root(filled: Filled) -> None:
    base, world = filled

    def tamper(conn: Connection) -> None:
        row = conn.execute(select(attempts).where(attempts.c.id == world.attempts[0])).one()._asdict()
        left_out = ("leaf", "tx", "seq", "channel")
        facts = {name: value for name, value in row.items() if name not in left_out} | {"destination": "lain"}
        leaf = leaf_hash(attempt_record(**facts))
        conn.execute(update(attempts).where(attempts.c.id == row["id"]).values(destination="lain", leaf=leaf))
        conn.execute(update(handoffs).where(handoffs.c.id == row["handoff_id"]).values(destination="lain"))
        leaves = conn.execute(select(log_batches.c.leaves).where(log_batches.c.start == 0)).scalar_one()
        conn.execute(update(log_batches).where(log_batches.c.start == 0).values(leaves=leaf + leaves[32:]))

    report = after(base, tamper)
    sentences = [finding.sentence for finding in report.findings if finding.subject is Subject.BATCH]
    assert sentences == [
        "The log's leaves do not give the root that was signed for 2 records: "
        "one of those at positions 0 to 1 was changed."
    ]


@pytest.mark.parametrize("index", range(6))
def test_a_removed_checkpoint_is_missed(filled: Filled, index: int) -> None:
    base, _ = filled
    size = (*starts(base)[1:], 13)[index]
    report = after(base, lambda conn: conn.execute(delete(checkpoints).where(checkpoints.c.size == size)))
    assert [(finding.problem, finding.subject, finding.position) for finding in report.findings] == [
        (Problem.MISSING, Subject.CHECKPOINT, size)
    ]


@pytest.mark.parametrize("column", ["size", "root", "note"])
def test_a_changed_checkpoint_is_found(filled: Filled, column: str) -> None:
    base, _ = filled
    size = starts(base)[2]
    row = checkpoints.c.size == size

    def tamper(conn: Connection) -> None:
        value = conn.execute(select(checkpoints.c[column]).where(row)).scalar_one()
        spoiled = value.replace(f"\n{size}\n", f"\n{size + 1}\n") if column == "note" else changed(value)
        conn.execute(update(checkpoints).where(row).values({column: spoiled}))

    expected = {"size": Problem.ALTERED, "root": Problem.ALTERED, "note": Problem.UNSIGNED}[column]
    assert (expected, Subject.CHECKPOINT) in {found_one[:2] for found_one in found(after(base, tamper))}


@pytest.mark.parametrize("column", [column.name for column in log_head.c if column.name != "id"])
def test_a_changed_head_is_found(filled: Filled, column: str) -> None:
    base, _ = filled

    def tamper(conn: Connection) -> None:
        value = conn.execute(select(log_head.c[column])).scalar_one()
        conn.execute(update(log_head).values({column: changed(value)}))

    assert not after(base, tamper).whole


def test_a_removed_head_is_missed(filled: Filled) -> None:
    base, _ = filled
    assert (Problem.MISSING, Subject.LOG, None) in found(after(base, lambda conn: conn.execute(delete(log_head))))


def test_a_tail_cut_off_without_trace_is_found_with_a_checkpoint_kept_elsewhere(filled: Filled) -> None:
    base, _ = filled
    newest = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
    kept = base.run(lambda conn: conn.execute(newest).scalar_one())
    assert after(base, cut_tail).findings == ()
    assert found(after(base, cut_tail, (kept,))) == {(Problem.CUT_OFF, Subject.LOG, None)}


def test_checkpoints_kept_elsewhere_agree_with_the_untouched_journal(filled: Filled) -> None:
    base, _ = filled
    kept = base.run(lambda conn: tuple(conn.execute(select(checkpoints.c.note)).scalars()))
    assert base.run(verified, kept).findings == ()
