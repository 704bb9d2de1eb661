"""Agency words of 1708 as people write them, and the parts of long texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import InboundMessage, TextPart, Unreadable
from adapters.inbound.sms import Sms, agency_of, part_of, read_sms

AGENCIES = [
    ("Bandungkab, saya mau melapor", "Bandungkab"),
    ("LAPORJABAR jalan rusak", "JABAR"),
    ("Laporbogorkota: sampah", "bogorkota"),
    ("LAPOR JABAR jalan rusak", "JABAR"),
    ("LAPOR KAB BANDUNG jalan rusak", "KAB BANDUNG"),
    ("Kabupatenbdg jalan rusak", "Kabupatenbdg"),
    ("KEMENKES obat habis", "KEMENKES"),
    ("#kemendikbud guru tidak datang", "kemendikbud"),
    ("Kementerian Kesehatan obat habis", "Kementerian Kesehatan"),
    ("Kab Bandung Barat jalan rusak", "Kab Bandung Barat"),
    ("Kab. Garut: jalan rusak", "Kab. Garut"),
    ("Kota Bogor banjir", "Kota Bogor"),
    ("pemkot bogor banjir", "pemkot bogor"),
    ("kabgarut jembatan putus", "kabgarut"),
    ("PLN padam terus", "PLN"),
    ("DKI banjir", "DKI"),
    ("Dinas sosial belum menyalurkan", "Dinas sosial"),
    ("dishub parkir liar", "dishub"),
]
NONE = [
    "",
    "   ",
    "Jalan depan rumah rusak",
    "Kabel listrik putus",
    "Kabar buruk dari desa",
    "Kotak surat hilang",
    "Kotanya kotor",
    "Kota kami gelap",
    "Kotoran sapi di jalan",
    "Ibukota macet",
    "Provider internet mati",
    "Provinsinya kurang perhatian",
    "Kemenangan kami",
    "Lapor pak, jalan rusak",
    "LAPOR, jalan rusak",
    "Laporkan jalan rusak",
    "Kab",
    "Tolong KEMENKES",
    "12345 jalan",
]


@pytest.mark.parametrize(("text", "agency"), AGENCIES)
def test_an_agency_word_is_named_as_it_was_written(text: str, agency: str) -> None:
    assert agency_of(text) == agency


@pytest.mark.parametrize("text", NONE)
def test_a_text_that_just_begins_names_none(text: str) -> None:
    assert agency_of(text) is None


@given(st.text())
def test_an_agency_always_stands_in_the_text(text: str) -> None:
    agency = agency_of(text)
    assert agency is None or (agency in text and len(agency) <= 255)


SMS = Sms("1", "6281100000001", "KEMENKES obat habis", b"{}")


def test_no_word_is_lost_to_the_agency() -> None:
    read = read_sms(SMS)
    assert isinstance(read, InboundMessage)
    assert (read.agency, read.content) == ("KEMENKES", SMS.text)


def test_only_the_first_part_of_a_long_text_names_an_agency() -> None:
    agencies = [read_sms(replace(SMS, part=TextPart("7", number, 2))) for number in (1, 2)]
    assert [one.agency for one in agencies if isinstance(one, InboundMessage)] == ["KEMENKES", None]


@pytest.mark.parametrize(
    ("change", "reason"), [({"message_id": ""}, "message_without_id"), ({"text": " \n"}, "message_empty")]
)
def test_a_text_that_cannot_be_kept_is_set_aside(change: dict[str, str], reason: str) -> None:
    read = read_sms(replace(SMS, **change))
    assert isinstance(read, Unreadable)
    assert read.reason == reason


@pytest.mark.parametrize(
    ("sender", "phone"), [("6281100000001", "+6281100000001"), ("+6281100000001", "+6281100000001")]
)
def test_a_number_of_the_sender_is_a_phone_number(sender: str, phone: str) -> None:
    read = read_sms(replace(SMS, sender=sender))
    assert isinstance(read, InboundMessage)
    assert read.reporter is not None
    assert (read.reporter.phone, read.conversation) == (phone, sender)


@pytest.mark.parametrize("sender", ["1708", "081100000001", "LAPOR", ""])
def test_any_other_sender_is_not(sender: str) -> None:
    read = read_sms(replace(SMS, sender=sender))
    assert isinstance(read, InboundMessage)
    assert read.reporter is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("108", "2", "3"), TextPart("108", 2, 3)),
        (("108", "1", "1"), None),
        (("", "1", "2"), None),
        (("108", "0", "2"), None),
        (("108", "3", "2"), None),
        (("108", "1", "256"), None),
        (("108", "١", "٢"), None),
        (("108", "satu", "dua"), None),
        (("108", "1" * 5000, "2"), None),
    ],
)
def test_a_part_is_told_only_when_its_numbers_make_sense(
    values: tuple[str, str, str], expected: TextPart | None
) -> None:
    assert part_of(*values) == expected
