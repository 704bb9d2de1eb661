"""A filled form becomes a report whatever its fields are called; nothing is lost, and identity never becomes text."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.channels.whatsapp.adapter import ADAPTER
from adapters.channels.whatsapp.answers import TAKERS
from adapters.channels.whatsapp.flow import FIELD_NAMES
from adapters.contract import Inbound, InboundMessage, InboundRequest, Unreadable
from schemas.report import Attachment, Location, Reporter
from schemas.vocabulary import Classification
from tests.unit.adapters.channels.golden import CHANNELS

ADDRESS = "location.address"


def reply(response_json: str) -> Inbound:
    message = {
        "from": "6281100000001",
        "id": "wamid.1",
        "type": "interactive",
        "interactive": {
            "type": "nfm_reply",
            "nfm_reply": {"name": "flow", "body": "Sent", "response_json": response_json},
        },
    }
    value = {"messages": [message], "contacts": [{"profile": {"name": "Warga Contoh"}, "wa_id": "6281100000001"}]}
    body = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}
    [part] = ADAPTER.parse(InboundRequest("POST", "", {}, {}, json.dumps(body).encode()))
    return part


def filled(**answers: Any) -> InboundMessage:
    part = reply(json.dumps({"isi": "Jalan rusak.", **answers}))
    assert isinstance(part, InboundMessage)
    return part


@pytest.mark.parametrize(
    "name", ["judul", "Judul", "JUDUL LAPORAN", "judul-laporan", "screen_0_Judul_0", "screen_12_judul_laporan_3"]
)
def test_a_field_is_known_by_any_spelling_of_its_name(name: str) -> None:
    assert filled(**{name: "Lampu padam"}).title == "Lampu padam"


def test_every_name_means_one_field_and_every_field_is_understood() -> None:
    names = [name for names in FIELD_NAMES.values() for name in names]
    assert len(names) == len(set(names))
    assert set(FIELD_NAMES) == set(TAKERS)


def test_the_documentation_lists_the_names_that_are_understood() -> None:
    text = (CHANNELS / "whatsapp" / "README.md").read_text("utf-8")
    rows = [
        line.strip("|").split("|") for line in text.partition("## Names of form fields")[2].splitlines() if "|" in line
    ]
    assert {field.strip(): tuple(names.strip().split(", ")) for field, names in rows[2:]} == FIELD_NAMES


@pytest.mark.parametrize(
    ("answer", "classification"),
    [
        ("pengaduan_berkadar_pengawasan", Classification.WITH_SUPERVISION),
        ("Pengaduan Tidak Berkadar Pengawasan", Classification.WITHOUT_SUPERVISION),
        ("0_Permintaan_Informasi", Classification.INFORMATION),
        ("informasi", Classification.INFORMATION),
        (["1_Aspirasi"], Classification.ASPIRATION),
    ],
)
def test_a_class_is_understood(answer: Any, classification: Classification) -> None:
    made = filled(klasifikasi=answer)
    assert (made.classification, made.content) == (classification, "Jalan rusak.")


@pytest.mark.parametrize(
    ("answer", "day"),
    [("2025-05-26", date(2025, 5, 26)), ("26/05/2025", date(2025, 5, 26)), ("1-2-2025", date(2025, 2, 1))],
)
def test_a_date_is_understood(answer: str, day: date) -> None:
    assert filled(tanggal_kejadian=answer).incident_date == day


@pytest.mark.parametrize("answer", [False, "false", "0", 0, "Tidak", "0_Tidak,_tampilkan", "no", "", [], "publik"])
def test_only_a_clear_no_leaves_the_reporter_visible(answer: Any) -> None:
    made = filled(anonim=answer, rahasia=answer)
    assert (made.is_anonymous, made.is_secret) == (False, False)


@pytest.mark.parametrize("answer", [True, "true", 1, "Ya", ["0_Ya,_rahasiakan"], "mohon disembunyikan", "entah"])
def test_any_other_answer_hides_the_reporter(answer: Any) -> None:
    made = filled(anonim=answer, rahasia=answer)
    assert (made.is_anonymous, made.is_secret) == (True, True)


def test_no_answer_hides_nobody() -> None:
    assert filled(anonim=None).is_anonymous is False


@pytest.mark.parametrize(
    ("answers", "location"),
    [
        ({"lokasi": "Gang Kenanga"}, Location(address="Gang Kenanga")),
        ({"lat": "-6.2", "bujur": 106.8}, Location(latitude=-6.2, longitude=106.8)),
        (
            {"lokasi": {"latitude": -6.2, "longitude": 106.8, "desa": "Contoh"}},
            Location(latitude=-6.2, longitude=106.8, village="Contoh"),
        ),
        ({"kota": "Kota Contoh", "kode_wilayah": "31.74"}, Location(regency="Kota Contoh", region_code="31.74")),
        ({}, None),
    ],
)
def test_a_place_is_put_together(answers: dict[str, Any], location: Location | None) -> None:
    made = filled(**answers)
    assert (made.location, made.content) == (location, "Jalan rusak.")


def test_what_the_form_says_of_the_reporter_goes_before_the_profile() -> None:
    made = filled(
        nama="Pelapor Contoh",
        nik="3174 0101 0190 0001",
        email="pelapor@contoh.example",
        alamat="Gang Mawar 1",
        no_hp="0811",
    )
    assert made.reporter == Reporter(
        name="Pelapor Contoh",
        phone="0811",
        email="pelapor@contoh.example",
        nik="3174010101900001",
        address="Gang Mawar 1",
    )


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ({"warna_tiang": "hijau"}, "warna_tiang: hijau"),
        ({"screen_1_Warna_Tiang_2": "hijau"}, "Warna Tiang: hijau"),
        ({"jumlah": 3}, "jumlah: 3"),
        ({"darurat": True, "korban": False}, "darurat: ya\nkorban: tidak"),
        ({"pilihan": ["a", None, "b"]}, "pilihan: a, b"),
        ({"rincian": {"a": 1, "b": "", "c": [1, {"d": 2}]}}, 'rincian: a: 1, c: [1,{"d":2}]'),
        ({"deskripsi": "Lubang dalam"}, "deskripsi: Lubang dalam"),
        ({"kategori_id": "jalan"}, "kategori_id: jalan"),
        ({"kategori_id": 0}, "kategori_id: 0"),
        ({"klasifikasi": "keluhan"}, "klasifikasi: keluhan"),
        ({"tanggal_kejadian": "31/02/2025"}, "tanggal_kejadian: 31/02/2025"),
        ({"latitude": "utara"}, "latitude: utara"),
        ({"latitude": 91}, "latitude: 91"),
        ({"kode_wilayah": "Jakarta"}, "kode_wilayah: Jakarta"),
        ({"judul": "x" * 256}, "judul: " + "x" * 256),
        ({"foto": [{"id": "1"}]}, 'foto: {"id":"1"}'),
    ],
)
def test_what_is_not_understood_becomes_a_line(answers: dict[str, Any], line: str) -> None:
    assert filled(**answers).content == f"Jalan rusak.\n{line}"


@pytest.mark.parametrize("answers", [{"flow_token": "abc"}, {"catatan": None}, {"catatan": " "}, {"pilihan": [None]}])
def test_what_says_nothing_becomes_nothing(answers: dict[str, Any]) -> None:
    assert filled(**answers).content == "Jalan rusak."


@pytest.mark.parametrize(
    "answers",
    [
        {"nik": "31740101"},
        {"nama": "n" * 300},
        {"no_hp": "0811" * 9},
        {"nik": "3174010101900001", "ktp": "3174010101900002"},
    ],
)
def test_identity_that_does_not_fit_never_becomes_text(answers: dict[str, Any]) -> None:
    assert filled(**answers).content == "Jalan rusak."


def test_picked_files_are_attached() -> None:
    photos = [{"file_name": "tiang.jpg", "mime_type": "image/jpeg", "id": "7"}, {"mime_type": "image/png", "id": "8"}]
    assert filled(foto=photos).attachments == (
        Attachment(name="tiang.jpg", media_type="image/jpeg", source="7"),
        Attachment(name="8", media_type="image/png", source="8"),
    )


@pytest.mark.parametrize(
    ("response_json", "reason"),
    [
        ("", "flow_not_json"),
        ("{", "flow_not_json"),
        ("[" * 300 + "]" * 300, "flow_not_json"),
        ("[1]", "flow_not_an_object"),
        ("{}", "interactive_empty"),
        ('{"flow_token":"unused"}', "interactive_empty"),
    ],
)
def test_a_form_that_cannot_be_read_is_set_aside(response_json: str, reason: str) -> None:
    part = reply(response_json)
    assert isinstance(part, Unreadable)
    assert (part.message_id, part.reason) == ("wamid.1", reason)


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([name for names in FIELD_NAMES.values() for name in names]) | st.text()


@given(st.dictionaries(NAMES, ANSWERS, max_size=6))
def test_any_form_is_read_or_set_aside(answers: dict[str, Any]) -> None:
    assert isinstance(reply(json.dumps(answers)), InboundMessage | Unreadable)


LETTERS = st.text(st.characters(categories=["L"]), min_size=1, max_size=20)


@given(st.dictionaries(LETTERS.map(lambda name: f"catatan {name}"), LETTERS, max_size=6))
def test_every_answer_that_has_no_field_stands_in_the_text(answers: dict[str, str]) -> None:
    lines = [f"{name}: {answer}" for name, answer in answers.items()]
    assert filled(**answers).content.split("\n") == ["Jalan rusak.", *lines]
