"""The canonical report keeps LAPOR!'s limits, and refuses what it does not know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.base import Schema
from schemas.report import (
    ATTACHMENT_LIMIT,
    CONTENT_LIMIT,
    TITLE_LIMIT,
    Attachment,
    InlineFile,
    Location,
    Message,
    Report,
    Reporter,
    ReportSubmission,
)
from schemas.vocabulary import CLASSIFICATION_NAMES, Classification

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
LEAST: dict[type[Schema], dict[str, Any]] = {
    Location: {},
    Reporter: {},
    Attachment: {"name": "foto.jpg"},
    Report: {"title": "Jalan rusak", "content": "Jalan di depan pasar rusak."},
    Message: {"sequence": 0, "received_at": NOW},
    InlineFile: {"name": "foto.jpg", "content_base64": ""},
    ReportSubmission: {"message_id": "loket-1", "content": "Jalan di depan pasar rusak."},
}
RIGHT = [
    (Location, "region_code", "33"),
    (Location, "region_code", "3374"),
    (Location, "region_code", "33.74.02.1001"),
    (Location, "region_code", "3374021001"),
    (Location, "latitude", -90),
    (Location, "longitude", 180),
    (Location, "address", "x" * 1000),
    (Reporter, "nik", "3174010101900001"),
    (Reporter, "phone", "+" + "1" * 31),
    (Attachment, "name", "x" * 255),
    (Attachment, "sha256", "0" * 64),
    (Attachment, "size", ATTACHMENT_LIMIT),
    (Attachment, "source", "x" * 2048),
    (Report, "title", "x" * TITLE_LIMIT),
    (Report, "content", "x" * CONTENT_LIMIT),
    (Report, "content", ""),
    (Report, "language", "id"),
    (Report, "category_id", 1),
    (Message, "text", "x" * CONTENT_LIMIT),
    (ReportSubmission, "message_id", "x" * 255),
    (ReportSubmission, "content", "x" * CONTENT_LIMIT),
    (ReportSubmission, "attachments", [LEAST[InlineFile]] * 10),
    (ReportSubmission, "sent_at", "2026-01-31T08:00:00+07:00"),
]
WRONG = [
    (Location, "region_code", "3", "string_pattern_mismatch"),
    (Location, "region_code", "337402100", "string_pattern_mismatch"),
    (Location, "latitude", 90.1, "less_than_equal"),
    (Location, "latitude", float("nan"), "less_than_equal"),
    (Location, "longitude", -180.1, "greater_than_equal"),
    (Location, "address", "x" * 1001, "string_too_long"),
    (Location, "province", "x" * 256, "string_too_long"),
    (Reporter, "nik", "317401010190000", "string_pattern_mismatch"),
    (Reporter, "phone", "1" * 33, "string_too_long"),
    (Reporter, "email", "x" * 255, "string_too_long"),
    (Attachment, "name", "x" * 256, "string_too_long"),
    (Attachment, "size", -1, "greater_than_equal"),
    (Attachment, "sha256", "F" * 64, "string_pattern_mismatch"),
    (Attachment, "source", "x" * 2049, "string_too_long"),
    (Report, "title", "", "string_too_short"),
    (Report, "title", "x" * (TITLE_LIMIT + 1), "string_too_long"),
    (Report, "content", "x" * (CONTENT_LIMIT + 1), "string_too_long"),
    (Report, "classification", "pengaduan", "enum"),
    (Report, "category_id", 0, "greater_than_equal"),
    (Report, "language", "ID", "string_pattern_mismatch"),
    (Message, "sequence", -1, "greater_than_equal"),
    (Message, "received_at", datetime(2026, 1, 31), "timezone_aware"),  # noqa: DTZ001 - that is the point
    (Message, "text", "x" * (CONTENT_LIMIT + 1), "string_too_long"),
    (InlineFile, "name", "", "string_too_short"),
    (ReportSubmission, "message_id", "", "string_too_short"),
    (ReportSubmission, "message_id", "x" * 256, "string_too_long"),
    (ReportSubmission, "content", "", "string_too_short"),
    (ReportSubmission, "title", "", "string_too_short"),
    (ReportSubmission, "attachments", [LEAST[InlineFile]] * 11, "too_long"),
    (ReportSubmission, "sent_at", "2026-01-31T08:00:00", "timezone_aware"),
]


@pytest.mark.parametrize(("schema", "field", "value"), RIGHT)
def test_what_is_within_the_limits_is_taken(schema: type[Schema], field: str, value: Any) -> None:
    held = getattr(schema(**{**LEAST[schema], field: value}), field)
    assert held is not None


@pytest.mark.parametrize(("schema", "field", "value", "kind"), WRONG)
def test_what_is_over_the_limits_is_refused(schema: type[Schema], field: str, value: Any, kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        schema(**{**LEAST[schema], field: value})
    assert [(error["type"], error["loc"]) for error in caught.value.errors()] == [(kind, (field,))]


@pytest.mark.parametrize("schema", LEAST)
def test_a_field_that_is_not_known_is_refused(schema: type[Schema]) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        schema(**LEAST[schema], colour="green")


@pytest.mark.parametrize("schema", LEAST)
def test_nothing_can_be_changed_afterwards(schema: type[Schema]) -> None:
    made = schema(**LEAST[schema])
    with pytest.raises(ValidationError, match="frozen"):
        setattr(made, next(iter(schema.model_fields)), None)


@pytest.mark.parametrize("schema", LEAST)
def test_written_and_read_again_it_is_the_same(schema: type[Schema]) -> None:
    made = schema(**LEAST[schema])
    assert schema.model_validate_json(made.model_dump_json()) == made


def test_a_report_says_nothing_that_nobody_said() -> None:
    report = Report(**LEAST[Report])
    assert (report.classification, report.is_anonymous, report.is_secret) == (Classification.UNKNOWN, False, False)


def test_every_class_has_lapors_own_name() -> None:
    assert set(CLASSIFICATION_NAMES) == set(Classification)
