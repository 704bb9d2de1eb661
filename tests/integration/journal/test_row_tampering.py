"""Whatever is altered, removed, added or moved among recorded attempts and results is found and named."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import Connection, delete, insert, null, select, update

from gateway.findings import Finding, Problem, Subject
from gateway.ledger.tables import attempts, report_keys, results
from tests.integration.journal.tampering import Filled, after, changed, found, swap
from tests.integration.journal.world import verified


def test_an_untouched_journal_is_whole(filled: Filled) -> None:
    base, _ = filled
    report = base.run(verified)
    assert report.findings == ()
    assert (report.attempts, report.results, report.size, report.batches) == (6, 7, 13, 6)
    assert (report.checkpoints, report.handoffs, report.waiting) == (6, 4, 0)


def test_erasing_the_key_of_a_report_leaves_the_journal_whole(filled: Filled) -> None:
    base, world = filled
    erase = update(report_keys).where(report_keys.c.subject_id == world.report).values(wrapped=None, master_key_id=None)
    assert after(base, lambda conn: conn.execute(erase)).findings == ()


def test_a_row_that_is_not_logged_yet_waits(filled: Filled) -> None:
    base, world = filled
    columns = (
        "handoff_id",
        "report_id",
        "destination",
        "step",
        "started_at",
        "worker",
        "request",
        "leaf",
        "number",
        "id",
    )

    def copy_last(conn: Connection) -> None:
        row = conn.execute(select(attempts).where(attempts.c.id == world.attempts[5])).one()._asdict()
        conn.execute(insert(attempts).values({name: row[name] for name in columns} | {"id": uuid4()}))

    report = after(base, copy_last)
    assert report.waiting == 1


@pytest.mark.parametrize("column", [column.name for column in attempts.c])
def test_one_changed_byte_in_any_column_of_an_attempt_is_found(filled: Filled, column: str) -> None:
    base, world = filled
    victim = world.attempts[2]

    def tamper(conn: Connection) -> None:
        value = conn.execute(select(attempts.c[column]).where(attempts.c.id == victim)).scalar_one()
        conn.execute(update(attempts).where(attempts.c.id == victim).values({column: changed(value)}))

    problem = Problem.MOVED if column in ("seq", "tx") else Problem.ALTERED
    assert (problem, Subject.ATTEMPT, victim) in found(after(base, tamper))


@pytest.mark.parametrize("column", [column.name for column in results.c])
def test_one_changed_byte_in_any_column_of_a_result_is_found(filled: Filled, column: str) -> None:
    base, world = filled
    source = "operator" if column == "actor" else "reply"
    victim = world.attempts[3] if column == "actor" else world.attempts[2]
    row = (results.c.attempt_id == victim) & (results.c.source == source)

    def tamper(conn: Connection) -> None:
        value = conn.execute(select(results.c[column]).where(row)).scalar_one()
        conn.execute(update(results).where(row).values({column: changed(value)}))

    problem = Problem.MOVED if column in ("seq", "tx") else Problem.ALTERED
    assert (problem, Subject.RESULT, victim) in found(after(base, tamper))


@pytest.mark.parametrize("column", ["status", "actor", "response", "receipt", "sealed_excerpt"])
def test_a_value_that_was_emptied_is_found(filled: Filled, column: str) -> None:
    base, world = filled
    victim = world.attempts[3] if column == "actor" else world.attempts[2]
    row = (results.c.attempt_id == victim) & (results.c.source == ("operator" if column == "actor" else "reply"))
    report = after(base, lambda conn: conn.execute(update(results).where(row).values({column: null()})))
    assert (Problem.ALTERED, Subject.RESULT, victim) in found(report)


@pytest.mark.parametrize("text", ['{"reference":"8123456"}', '{"reference": "8123456"', "", "[]", "null"])
def test_a_receipt_that_was_rewritten_is_found_whatever_it_is_now(filled: Filled, text: str) -> None:
    base, world = filled

    def tamper(conn: Connection) -> None:
        rewrite = f"UPDATE results SET receipt = '{text}' WHERE receipt LIKE '%8123456%'"
        assert conn.exec_driver_sql(rewrite).rowcount == 1

    assert (Problem.ALTERED, Subject.RESULT, world.attempts[2]) in found(after(base, tamper))


def test_a_receipt_with_the_same_meaning_but_other_bytes_is_found(filled: Filled) -> None:
    base, world = filled

    def tamper(conn: Connection) -> None:
        spaced = "UPDATE results SET receipt = replace(receipt, ':', ': ') WHERE receipt LIKE '%8123456%'"
        assert conn.exec_driver_sql(spaced).rowcount == 1

    assert (Problem.ALTERED, Subject.RESULT, world.attempts[2]) in found(after(base, tamper))


def test_the_sentence_names_attempt_report_and_destination(filled: Filled) -> None:
    base, world = filled
    victim = world.attempts[0]
    report = after(base, lambda conn: conn.execute(update(attempts).where(attempts.c.id == victim).values(number=9)))
    expected = Finding(
        Problem.ALTERED,
        Subject.ATTEMPT,
        f"Attempt {victim} of report {world.report} to sp4n was altered: "
        "its columns no longer give the hash that was logged.",
        attempt_id=victim,
        report_id=world.report,
        destination="sp4n",
        position=0,
    )
    assert report.findings == (expected,)


@pytest.mark.parametrize("index", range(6))
def test_a_removed_attempt_is_missed(filled: Filled, index: int) -> None:
    base, world = filled
    victim = world.attempts[index]
    report = after(base, lambda conn: conn.execute(delete(attempts).where(attempts.c.id == victim)))
    assert (Problem.MISSING, Subject.ATTEMPT, victim) in found(report)


@pytest.mark.parametrize(
    ("index", "source"), [(0, "reply"), (1, "reply"), (2, "reply"), (3, "reaper"), (3, "operator"), (4, "late")]
)
def test_a_removed_result_is_missed(filled: Filled, index: int, source: str) -> None:
    base, world = filled
    victim = world.attempts[index]
    row = (results.c.attempt_id == victim) & (results.c.source == source)
    report = after(base, lambda conn: conn.execute(delete(results).where(row)))
    missing = [finding for finding in report.findings if finding.problem is Problem.MISSING]
    assert [finding.attempt_id for finding in missing] == [victim]
    assert missing[0].sentence.startswith(f"The {source} result of attempt {victim} of report ")


def test_two_attempts_that_changed_places_are_found(filled: Filled) -> None:
    base, world = filled
    one, other = world.attempts[1], world.attempts[4]
    report = after(base, lambda conn: swap(conn, attempts, "id", one, other))
    moved = {(Problem.MOVED, Subject.ATTEMPT, one), (Problem.MOVED, Subject.ATTEMPT, other)}
    assert moved <= found(report)


def test_two_results_that_changed_places_are_found(filled: Filled) -> None:
    base, world = filled
    one, other = world.attempts[0], world.attempts[1]
    report = after(base, lambda conn: swap(conn, results, "attempt_id", one, other))
    moved = {(Problem.MOVED, Subject.RESULT, one), (Problem.MOVED, Subject.RESULT, other)}
    assert moved <= found(report)


def test_an_attempt_put_in_behind_the_log_is_found(filled: Filled) -> None:
    base, _ = filled
    intruder = uuid4()

    def tamper(conn: Connection) -> None:
        row = conn.execute(select(attempts).order_by(attempts.c.seq).limit(1)).one()._asdict()
        conn.execute(insert(attempts).values(row | {"id": intruder, "seq": -5}))

    assert (Problem.ADDED, Subject.ATTEMPT, intruder) in found(after(base, tamper))


def test_a_result_put_in_behind_the_log_is_found(filled: Filled) -> None:
    base, world = filled

    def tamper(conn: Connection) -> None:
        row = conn.execute(select(results).order_by(results.c.seq).limit(1)).one()._asdict()
        conn.execute(insert(results).values(row | {"source": "late", "seq": 0}))

    assert (Problem.ADDED, Subject.RESULT, world.attempts[0]) in found(after(base, tamper))
