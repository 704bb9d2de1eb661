"""Whatever a channel hands in becomes the same report each time, whole, and without its reporter's identity."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import InboundFile, InboundMessage
from gateway.cleaning import clean
from gateway.joining import CUT_TAG
from gateway.normalize import Normalized, normalize
from gateway.text import text_from
from schemas.report import Attachment, Location, Message, Report, Reporter
from schemas.vocabulary import Classification

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
NIK = "3174010101900001"
PIECES = [
    "NIK ",
    "KK ",
    NIK,
    "3174014101900002",
    "hp saya ",
    "081100000001",
    "0811 0000 0002",
    "\ud83d",
    "\u202e",
    "\n",
]
MORE = [
    "warga@contoh.example",
    "email saya ",
    " ",
    "[",
    "]",
    "[NIK dirahasiakan]",
    "nomor telepon ",
    "di ",
    "1",
    ". ",
    "\u200b",
]
TEXTS = st.lists(st.text(max_size=4) | st.sampled_from(PIECES + MORE)).map("".join)
ENCODABLE = st.text(st.characters(exclude_categories=["Cs"]))
MASK = re.compile(r"(?:\[[\w ]+ dirahasiakan\])+")


def message(content: str = "", **more: object) -> InboundMessage:
    return replace(InboundMessage("m-1", content, b""), **more)


def again(made: Normalized) -> InboundMessage:
    """What was normalized, as if a channel had handed it in."""
    report = made.report
    return InboundMessage(
        message_id="m-1",
        content=report.content,
        raw=b"",
        title=report.title,
        classification=report.classification,
        category_id=report.category_id,
        agency=report.agency,
        location=report.location,
        incident_date=report.incident_date,
        is_anonymous=report.is_anonymous,
        is_secret=report.is_secret,
        reporter=made.reporter,
        attachments=report.attachments,
    )


UNTIDY_PLACE = Location(village="Kelurahan  Contoh", region_code="3174011001", address=" Gang\tKenanga ", latitude=-6.2)


def test_every_field_is_carried_over() -> None:
    made = normalize(
        message(
            " Lampu  padam.\r\nGelap. ",
            title=" Lampu\njalan ",
            classification=Classification.ASPIRATION,
            category_id=112,
            agency=" Dinas  Contoh ",
            location=UNTIDY_PLACE,
            incident_date=date(2026, 1, 30),
            is_anonymous=True,
            is_secret=True,
            reporter=Reporter(name=" Warga  Contoh ", phone="0811-0000-0001", email=" warga@contoh.example ", nik=NIK),
            attachments=(Attachment(name="a/b.jpg", media_type="Image/JPEG; q=1", source="99", sha256="0" * 64),),
            files=(InboundFile("c.txt", "text/plain", b"isi"),),
        ),
        NOW,
    )
    location = Location(
        province="Daerah Khusus Ibukota Jakarta",
        regency="Kota Administrasi Jakarta Selatan",
        district="Tebet",
        village="Kelurahan Contoh",
        region_code="31.74.01.1001",
        address="Gang Kenanga",
        latitude=-6.2,
    )
    attachments = (
        Attachment(name="b.jpg", media_type="image/jpeg", source="99", sha256="0" * 64),
        Attachment(name="c.txt", media_type="text/plain", size=3, sha256=sha256(b"isi").hexdigest()),
    )
    assert made == Normalized(
        Report(
            title="Lampu jalan",
            content="Lampu padam.\nGelap.",
            classification=Classification.ASPIRATION,
            category_id=112,
            agency="Dinas Contoh",
            location=location,
            incident_date=date(2026, 1, 30),
            is_anonymous=True,
            is_secret=True,
            attachments=attachments,
        ),
        Reporter(name="Warga Contoh", phone="+6281100000001", email="warga@contoh.example", nik=NIK),
        Message(
            sequence=0,
            received_at=NOW,
            text="Lampu padam.\nGelap.",
            location=location,
            incident_date=date(2026, 1, 30),
            attachments=attachments,
            is_anonymous=True,
            is_secret=True,
        ),
        text_from("Lampu jalan", "Lampu padam.\nGelap."),
    )


def test_a_photo_alone_has_no_text_but_a_title() -> None:
    made = normalize(message(attachments=(Attachment(name="", source="99", media_type="image/jpeg"),)), NOW)
    assert (made.report.title, made.report.content) == ("Laporan tanpa judul", "")
    assert [attachment.name for attachment in made.report.attachments] == ["lampiran-1.jpg"]


def test_a_place_alone_is_a_place() -> None:
    made = normalize(message(location=Location(latitude=-6.2, longitude=106.8)), NOW)
    assert (made.message.text, made.message.location) == ("", Location(latitude=-6.2, longitude=106.8))


def test_a_place_and_a_reporter_without_anything_are_none() -> None:
    made = normalize(message("Jalan rusak", location=Location(address="\u200b"), reporter=Reporter(name=" ")), NOW)
    assert (made.report.location, made.reporter) == (None, None)


def test_a_title_of_nothing_is_made_from_the_text() -> None:
    assert normalize(message("Jalan rusak parah.", title="\u200b"), NOW).report.title == "Jalan rusak parah"


def test_identity_leaves_every_text_and_reaches_the_reporter() -> None:
    made = normalize(
        message(
            f"NIK saya {NIK}. Hubungi saya di 081100000001.",
            title=f"Laporan {NIK}",
            agency=f"Dinas {NIK}",
            location=Location(address=f"Gang Kenanga, {NIK}", regency="rumah 0811 0000 0001"),
            attachments=(Attachment(name=f"KTP_{NIK}.jpg", source="99"),),
            files=(InboundFile("wa 081100000001.txt", "text/plain", b"isi"),),
        ),
        NOW,
    )
    assert made.reporter == Reporter(nik=NIK, phone="+6281100000001")
    assert not re.search(r"\d{10}|0811", made.report.model_dump_json(exclude={"attachments": {"__all__": {"sha256"}}}))
    assert [attachment.name for attachment in made.report.attachments] == [
        "KTP_[NIK dirahasiakan].jpg",
        "wa [nomor telepon dirahasiakan].txt",
    ]


def test_half_a_nik_is_not_left_where_a_text_is_cut() -> None:
    made = normalize(message("x", title="a" * 245 + " " + NIK), NOW)
    assert made.report.title == "a" * 245 + " [NIK…"


def test_a_number_that_cannot_be_read_stays_as_it_was_given() -> None:
    reporter = normalize(message("x", reporter=Reporter(phone="0811 / 0812 rumah")), NOW).reporter
    assert reporter == Reporter(phone="0811 / 0812 rumah")


def test_digits_of_any_script_become_plain() -> None:
    made = normalize(message("x", reporter=Reporter(nik="٣" * 16), location=Location(region_code="٩٩٩٩")), NOW)
    assert (made.reporter, made.report.location) == (Reporter(nik="3" * 16), Location(region_code="99.99"))


def test_a_text_that_is_too_long_is_cut_and_says_so() -> None:
    made = normalize(message("kata " * 2001), NOW)
    assert (len(made.report.content), made.report.content[-6:], made.report.tags) == (10_000, " kata…", (CUT_TAG,))
    assert made.message.text == made.report.content


def test_a_text_of_just_the_limit_is_whole() -> None:
    made = normalize(message("x" * 10_000), NOW)
    assert (made.report.content, made.report.tags) == ("x" * 10_000, ())


@given(TEXTS, TEXTS | st.none(), ENCODABLE | st.none(), ENCODABLE, ENCODABLE, TEXTS)
def test_any_text_is_normalized_and_normalizing_again_changes_nothing(
    content: str, title: str | None, agency: str | None, place: str, person: str, name: str
) -> None:
    made = normalize(
        message(
            content,
            title=title,
            agency=agency,
            location=Location(address=place[:1000], village=place[:255]),
            reporter=Reporter(name=person[:255], phone=person[:32], email=person[:254], address=place[:1000]),
            files=(InboundFile(name, name, b""),),
        ),
        NOW,
    )
    twice = normalize(again(made), NOW)
    assert (twice.report, twice.reporter) == (made.report, made.reporter)
    assert Report.model_validate_json(made.report.model_dump_json()) == made.report


@given(TEXTS.filter(lambda text: "dirahasiakan" not in text))
def test_no_word_is_lost_but_what_is_hidden(content: str) -> None:
    kept = MASK.split(normalize(message(content), NOW).report.content)
    hidden = re.fullmatch("(.+?)".join(map(re.escape, kept)), clean(content), re.DOTALL)
    assert hidden is not None
    assert [part for part in hidden.groups() if not re.search(r"\d{8}|@|\d{4} \d{4}", part)] == []


@given(st.text(st.characters(exclude_categories=["Nd"], exclude_characters="@")))
def test_without_numbers_and_addresses_every_word_stays(content: str) -> None:
    assert normalize(message(content), NOW).report.content == clean(content)


def test_a_place_named_in_fields_gets_its_code() -> None:
    location = Location(regency="Kota Depok", district="Kec. Cilodong", village="sukamaju")
    made = normalize(message("Lampu padam", location=location), NOW).report.location
    assert made is not None
    assert (made.region_code, made.province, made.village) == ("32.76.08.1001", "Jawa Barat", "sukamaju")


def test_the_day_that_the_text_says_is_counted_from_when_it_was_sent() -> None:
    sent = datetime(2026, 1, 29, 3, tzinfo=UTC)
    made = normalize(message("Banjir kemarin sore", sent_at=sent), NOW)
    assert (made.report.incident_date, made.message.incident_date) == (date(2026, 1, 28), date(2026, 1, 28))


def test_a_message_from_the_future_is_taken_as_sent_now() -> None:
    made = normalize(message("Banjir hari ini", sent_at=NOW.replace(year=2027)), NOW)
    assert made.report.incident_date == NOW.date()


def test_the_day_that_the_channel_gave_stays() -> None:
    made = normalize(message("Banjir kemarin", incident_date=date(2026, 1, 2)), NOW)
    assert made.report.incident_date == date(2026, 1, 2)


def test_the_language_is_noted_where_it_is_plain() -> None:
    texts = ("Jalan di desa saya rusak, mohon diperbaiki", "Dalane rusak wis suwe, kulo nyuwun tulung", "Rusak")
    assert [normalize(message(text), NOW).report.language for text in texts] == ["id", "jv", None]
