"""When a notice is due, and under which key it lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from gateway.casework import NOTICE_PART
from gateway.keyring import make_key_ring
from gateway.ledger.values import NewNotice, ReportRow
from gateway.notices import About, Standing, notice_of_acknowledgement, notice_of_question, notice_of_status
from gateway.owing import Manner, manner_of, owed_notice, page_of
from gateway.quiet import WIB, QuietHours
from gateway.settings import Settings
from gateway.vault import Vault
from schemas.ids import new_id
from schemas.notice import Notice
from schemas.vocabulary import CaseStatus

DAY = datetime(2026, 3, 2, 10, 0, tzinfo=WIB).astimezone(UTC)
NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=WIB).astimezone(UTC)
MORNING = datetime(2026, 3, 3, 6, 0, tzinfo=WIB).astimezone(UTC)
ABOUT = About("K7RM-4XQ9-HT3C")
IN_PROCESS = Standing("Kemenkes", "Dalam Proses", CaseStatus.IN_PROCESS)
BURST = timedelta(minutes=5)
REPORT = ReportRow(
    id=new_id(DAY),
    tracking_code=ABOUT.tracking_code,
    channel="wa",
    received_at=DAY,
    last_message_at=DAY,
    classification="aspirasi",
    verdict="accept",
    decision=None,
    sealed_report=b"",
)
URGENT = replace(REPORT, is_priority=True)
KEY = Vault(make_key_ring(lambda size: bytes(size))).new_key(REPORT.id)


def owed(notice: Notice, report: ReportRow = REPORT, burst: str | None = None) -> NewNotice:
    return owed_notice(notice, report, KEY, about="event-1", manner=Manner(burst=BURST), burst=burst)


@pytest.mark.parametrize(
    ("notice", "report", "burst", "due_at"),
    [
        (notice_of_acknowledgement(ABOUT, NIGHT), REPORT, None, NIGHT),
        (notice_of_question(ABOUT, DAY, None, "Di mana?"), REPORT, None, DAY),
        (notice_of_question(ABOUT, NIGHT, None, "Di mana?"), REPORT, None, MORNING),
        (notice_of_question(ABOUT, NIGHT, None, "Di mana?"), URGENT, None, NIGHT),
        (notice_of_status(ABOUT, DAY, IN_PROCESS), REPORT, "kemenkes", DAY + BURST),
        (notice_of_status(ABOUT, NIGHT, IN_PROCESS), REPORT, "kemenkes", MORNING),
        (notice_of_status(ABOUT, NIGHT, IN_PROCESS), URGENT, "kemenkes", NIGHT + BURST),
    ],
    ids=["answer at night", "day", "night", "emergency", "burst", "burst at night", "burst of an emergency"],
)
def test_a_notice_is_due_when_its_reporter_may_be_disturbed(
    notice: Notice, report: ReportRow, burst: str | None, due_at: datetime
) -> None:
    assert owed(notice, report, burst).due_at == due_at


def test_answers_and_emergencies_go_first() -> None:
    notices = (
        owed(notice_of_status(ABOUT, DAY, IN_PROCESS)),
        owed(notice_of_status(ABOUT, DAY, IN_PROCESS), URGENT),
        owed(notice_of_acknowledgement(ABOUT, DAY)),
    )

    assert [notice.priority for notice in notices] == [1, 0, 0]


def test_the_notice_lies_under_the_report_s_key() -> None:
    notice = notice_of_status(ABOUT, DAY, IN_PROCESS)
    row = owed(notice)

    assert b"Kemenkes" not in row.sealed_notice
    assert Notice.model_validate_json(KEY.open(NOTICE_PART, row.sealed_notice)) == notice
    assert isinstance(row.id, UUID)


def test_the_settings_say_when_to_be_quiet_and_where_a_code_is_looked_up() -> None:
    settings = Settings(quiet_hours="20:00-05:00", notice_burst=60, public_url="https://lapor.example.go.id/")

    assert manner_of(settings) == Manner(QuietHours(time(20), time(5)), timedelta(minutes=1))
    assert (page_of(settings), page_of(Settings())) == ("https://lapor.example.go.id/lacak", None)
