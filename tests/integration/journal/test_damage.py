"""SQLite keeps whatever is written into a column: values of no sense at all must not stop a verification."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from gateway.findings import Problem, Subject
from tests.integration.journal.databases import Database, database
from tests.integration.journal.world import World, fill, verified


@pytest.fixture(scope="module")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, World]:
    with database("sqlite", tmp_path_factory.mktemp("ledger")) as base:
        return base, fill(base)


@pytest.mark.parametrize(
    "nonsense",
    [
        "report_id = X'00'",
        "handoff_id = 'bukan id'",
        "worker = 7",
        "destination = CAST(X'FF' AS TEXT)",
        "step = X'FF'",
        "number = 'satu'",
        "started_at = 'kemarin'",
        "started_at = 9223372036854775807",
        "request = 5",
        "leaf = 'pendek'",
        "leaf = X''",
        "tx = 'nol'",
        "id = X'0102'",
    ],
)
def test_nonsense_in_an_attempt_is_named_and_nothing_stops(filled_file: tuple[Database, World], nonsense: str) -> None:
    base, world = filled_file

    def spoil(conn: Connection) -> set[tuple[Problem, Subject, object]]:
        conn.exec_driver_sql(f"UPDATE attempts SET {nonsense} WHERE seq = 3")
        report = verified(conn)
        assert report.attempts == 6
        return {(finding.problem, finding.subject, finding.attempt_id) for finding in report.findings}

    found = base.run(spoil, keep=False)
    assert found & {(problem, Subject.ATTEMPT, world.attempts[1]) for problem in (Problem.ALTERED, Problem.MOVED)}


@pytest.mark.parametrize(
    "nonsense",
    [
        "attempt_id = X'00'",
        "source = CAST(X'FF' AS TEXT)",
        "ended_at = 'kemarin'",
        "response = 'teks'",
        "receipt = CAST(X'FF' AS TEXT)",
        "receipt = X'00FF'",
        "receipt = 5",
        "sealed_excerpt = 'teks'",
        "status = 'baik'",
    ],
)
def test_nonsense_in_a_result_is_named_and_nothing_stops(filled_file: tuple[Database, World], nonsense: str) -> None:
    base, world = filled_file

    def spoil(conn: Connection) -> set[tuple[Problem, Subject, object]]:
        conn.exec_driver_sql(f"UPDATE results SET {nonsense} WHERE seq = 1")
        report = verified(conn)
        assert report.results == 7
        return {(finding.problem, finding.subject, finding.attempt_id) for finding in report.findings}

    assert (Problem.ALTERED, Subject.RESULT, world.attempts[0]) in base.run(spoil, keep=False)


def test_nonsense_in_a_row_that_is_not_logged_yet_is_told(filled_file: tuple[Database, World]) -> None:
    base, _ = filled_file

    def spoil(conn: Connection) -> list[str]:
        columns = "id, handoff_id, report_id, destination, step, number, started_at, worker, request, leaf, tx"
        values = "X'01', handoff_id, report_id, destination, step, number, started_at, worker, request, leaf, tx"
        conn.exec_driver_sql(f"INSERT INTO attempts ({columns}) SELECT {values} FROM attempts WHERE seq = 1")
        return [finding.sentence for finding in verified(conn).findings]

    assert "Row number 7 of the attempts, which is not in the log, cannot be read." in base.run(spoil, keep=False)


def test_a_reference_in_a_receipt_of_no_sense_explains_nothing(filled_file: tuple[Database, World]) -> None:
    base, world = filled_file

    def spoil(conn: Connection) -> list[str]:
        conn.exec_driver_sql("UPDATE results SET receipt = '[' WHERE receipt LIKE '%8123456%'")
        return [finding.sentence for finding in verified(conn).findings if finding.subject is Subject.HANDOFF]

    assert base.run(spoil, keep=False) == [
        f"Handoff {world.delivered} of report {world.report} to sp4n has the reference 8123456, "
        "which no recorded receipt gives."
    ]
