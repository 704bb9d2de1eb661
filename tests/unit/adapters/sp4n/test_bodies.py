"""The bodies of the calls, field by field where the golden requests do not reach."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import CaseFile
from adapters.destinations.sp4n.bodies import complaint_fields, files_body, followup_body, pass_on_fields
from adapters.destinations.sp4n.multipart import multipart
from adapters.destinations.sp4n.simulated_rules import parts_of
from schemas.report import Location, Reporter
from schemas.vocabulary import Classification
from tests.fakes.cases import HANDOFF_ID, a_case, a_file, a_report, a_reporter
from tests.unit.adapters.sp4n.builders import options


def _field(name: str, *, case: Any = None, file_ids: tuple[int, ...] = (), **changes: Any) -> Any:
    return complaint_fields(options(**changes), case or a_case(), "isi", list(file_ids))[name]


@pytest.mark.parametrize(
    ("ids", "written"),
    [((), False), ((1,), "[1]."), ((1, 2), "[1,2]."), ((70001, 70002, 70003), "[70001,70002,70003].")],
)
def test_attachments_are_false_or_a_list_with_a_dot(ids: tuple[int, ...], written: Any) -> None:
    assert _field("attachments", file_ids=ids) == written


def test_the_form_of_attachments_can_be_changed() -> None:
    assert _field("attachments", file_ids=(1, 2), attachments_format="[{ids}]") == "[1,2]"


@pytest.mark.parametrize(
    ("classification", "number"),
    [(Classification.ASPIRATION, 9), (Classification.UNKNOWN, 6), (Classification.WITH_SUPERVISION, 6)],
)
def test_classes_have_ids(classification: Classification, number: int) -> None:
    case = a_case(report=a_report(classification=classification))

    assert _field("classification_id", case=case, classification_ids={"aspirasi": 9}) == number


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("32.05.18.2003", 1217),
        ("3205182003", 1217),
        ("32.05", 1217),
        ("32.04", 1203),
        ("32", 1203),
        ("33.01", 34),
        (None, 34),
    ],
)
def test_a_place_has_the_id_of_the_nearest_region_that_has_one(code: str | None, number: int) -> None:
    case = a_case(report=a_report(location=Location(region_code=code)))

    assert _field("location_id", case=case, location_ids={"32": 1203, "32.05": 1217}) == number


def test_without_a_place_it_is_national() -> None:
    assert _field("location_id", case=a_case(report=a_report(location=None)), location_ids={"32": 1203}) == 34


def test_a_report_without_a_date_happened_on_the_day_in_jakarta_on_which_it_came() -> None:
    late = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
    case = a_case(accepted_at=late, report=a_report(incident_date=None))

    assert _field("date_of_incident", case=case) == "2026-03-02"
    assert _field("date_of_incident", case=case, incident_date_format="%d-%m-%Y") == "02-03-2026"


def test_tags_are_one_word_each() -> None:
    case = a_case(report=a_report(tags=("jalan rusak", "terpotong")))

    assert _field("tags_raw", case=case) == "#sp4ngateway #jalanrusak #terpotong"
    assert _field("tags_raw", case=a_case(), tags="") == ""


IDENTITY = ("emailUser", "nameUser", "phoneUser")


def test_identity_goes_into_its_own_fields() -> None:
    fields = complaint_fields(options(), a_case(reporter=a_reporter()), "isi", [])

    assert [fields[name] for name in IDENTITY] == [
        "wulandari.k@contoh.example",
        "Wulandari Kusumaningtyas",
        "+628110009988",
    ]
    assert (fields["channel"], fields["is_new_user_slider"]) == (26, True)


@pytest.mark.parametrize(
    "case",
    [
        a_case(),
        a_case(reporter=Reporter()),
        a_case(reporter=Reporter(nik="3205994401990007", address="Kampung Ciburial 12")),
        a_case(reporter=a_reporter(), report=a_report(is_anonymous=True)),
    ],
    ids=["none", "empty", "nothing that it takes", "anonymous"],
)
def test_without_a_reporter_to_show_there_is_none(case: Any) -> None:
    fields = complaint_fields(options(), case, "isi", [])

    assert set(fields) & set(IDENTITY) == set()
    assert (fields["channel"], fields["is_new_user_slider"]) == (13, False)


def test_passing_on_names_the_target() -> None:
    assert pass_on_fields(options(pass_on_reason="Bukan kewenangan kami."), "4") == {
        "is_request": 1,
        "reason": "4",
        "reason_description": "Bukan kewenangan kami.",
        "not_authority": 1,
    }


def test_files_keep_their_bytes_and_lose_their_names() -> None:
    files = (a_file(name="KTP Siti Aminah.JPG"), a_file(name='a"; filename="b\r\nX: y', content=b"\r\n--batas\r\n"))
    kind, body = files_body(a_case(files=files))
    parts = parts_of(kind, body)

    assert parts is not None
    assert [(part.name, part.file_name, part.content) for part in parts] == [
        ("attachments[]", "lampiran-1.jpg", files[0].content),
        ("attachments[]", "lampiran-2", files[1].content),
    ]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("image/jpeg", "image/jpeg"),
        ("application/pdf; charset=x", "application/pdf"),
        ("image/jpeg\r\nX-Evil: 1", "application/octet-stream"),
        ("gambar", "application/octet-stream"),
    ],
)
def test_media_types_cannot_break_a_part(written: str, sent: str) -> None:
    parts = parts_of(*files_body(a_case(files=(a_file(media_type=written),))))

    assert parts is not None
    assert [part.media_type for part in parts] == [sent]


@given(st.lists(st.tuples(st.sampled_from(["content", "rating"]), st.text())), st.lists(st.binary(), max_size=3))
def test_what_goes_into_a_multipart_body_comes_out_again(fields: list[tuple[str, str]], contents: list[bytes]) -> None:
    files = [("attachment[0]", CaseFile("a.png", "image/png", content)) for content in contents]
    parts = parts_of(*multipart(HANDOFF_ID, fields, files))

    assert parts is not None
    assert [(part.name, part.content) for part in parts] == [
        *((name, text.encode()) for name, text in fields),
        *((name, file.content) for name, file in files),
    ]


def test_a_follow_up_names_files_by_id_or_brings_them() -> None:
    by_id, with_bytes = (
        parts_of(*followup_body(options(), a_case(), "77", "4", "isi", attached))
        for attached in ([70001, 70002], [a_file()])
    )

    assert by_id is not None
    assert with_bytes is not None
    assert [(part.name, part.content, part.file_name) for part in by_id[-2:]] == [
        ("attachment[0]", b"70001", None),
        ("attachment[1]", b"70002", None),
    ]
    assert [(part.name, part.file_name) for part in with_bytes[-1:]] == [("attachment[0]", "lampiran-1.jpg")]
