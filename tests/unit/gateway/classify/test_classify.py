"""What a report seems to be about, how sure that is, and who has the last word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.categories import load_categories
from gateway.classify import Suggestion, classify, explain
from gateway.classify.model import interpolated, load_model
from gateway.lexicon import load_lexicon
from gateway.terms import standard
from gateway.wording import words
from schemas.report import Location, Report
from schemas.vocabulary import Classification


def report_of(text: str, **fields: object) -> Report:
    return Report.model_validate({"title": "Laporan tanpa judul", "content": text, **fields})


@pytest.mark.parametrize(
    ("text", "parent", "category_id"),
    [
        ("jln rusak bgt pak dpn sd 2", "PEKERJAAN UMUM DAN PENATAAN RUANG", 1397),
        ("tulung lampune dalan mati neng ngarep omahku", "PEKERJAAN UMUM DAN PENATAAN RUANG", 1398),
        ("cai pdam teu ngocor tilu poe", "ENERGI DAN SUMBER DAYA ALAM", 1618),
        ("ktp saya belum jadi di disdukcapil", "KEPENDUDUKAN", 1461),
        ("makan bergizi gratis di sekolah anak saya basi", "PROGRAM MAKAN BERGIZI GRATIS (MBG)", None),
    ],
)
def test_a_plain_matter_is_decided(text: str, parent: str, category_id: int | None) -> None:
    suggestion = classify(report_of(text))
    assert (suggestion.decides, suggestion.category.parent, suggestion.category.id) == (True, parent, category_id)


@pytest.mark.parametrize("text", ["", "...", "saya mau tanya", "zzz qqq"])
def test_what_says_little_decides_nothing(text: str) -> None:
    assert not classify(report_of(text)).decides


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("petugas kecamatan minta uang pelicin", Classification.WITH_SUPERVISION),
        ("lampu jalan mati", Classification.WITHOUT_SUPERVISION),
        ("apa syarat bikin kartu keluarga, bagaimana caranya?", Classification.INFORMATION),
        ("saya mengusulkan taman baca, semoga terwujud", Classification.ASPIRATION),
    ],
)
def test_the_class_follows_from_how_it_speaks(text: str, expected: Classification) -> None:
    assert classify(report_of(text)).classification is expected


def test_the_title_is_read_as_well() -> None:
    assert classify(report_of("mohon dibantu", title="Jembatan gantung putus")).category.id == 1399


def test_a_choice_of_the_channel_is_never_overruled() -> None:
    chosen = report_of("lampu jalan mati", category_id=936, classification=Classification.ASPIRATION)
    assert classify(chosen).applied_to(chosen) == chosen


def test_a_sure_suggestion_fills_what_nobody_chose() -> None:
    filed = classify(report_of("lampu jalan mati")).applied_to(report_of("lampu jalan mati"))
    assert (filed.category_id, filed.classification) == (1398, Classification.WITHOUT_SUPERVISION)


def test_an_unsure_suggestion_fills_nothing() -> None:
    unsure = report_of("mohon perhatiannya")
    assert classify(unsure).applied_to(unsure).category_id is None


def test_a_place_that_the_text_names_is_filed_with_its_code() -> None:
    told = report_of("lampu jalan mati di kelurahan Sukamaju, kecamatan Cilodong, Depok")
    assert classify(told).applied_to(told).location == Location(
        province="Jawa Barat",
        regency="Kota Depok",
        district="Cilodong",
        village="Sukamaju",
        region_code="32.76.08.1001",
    )


def test_a_point_on_the_map_is_kept_beside_the_place_of_the_text() -> None:
    told = report_of("lampu jalan mati di Depok", location=Location(latitude=-6.4, longitude=106.8))
    filed = classify(told).applied_to(told).location
    assert filed is not None
    assert (filed.region_code, filed.latitude) == ("32.76", -6.4)


def test_a_place_that_the_channel_named_is_never_overruled() -> None:
    told = report_of("lampu jalan mati di Depok", location=Location(regency="Kota Contoh"))
    assert classify(told).applied_to(told).location == Location(regency="Kota Contoh")


def test_the_suggestion_explains_itself_in_lines() -> None:
    lines = explain(classify(report_of("lampu jalan mati di kabupaten garut")))
    assert lines[1].startswith("category: PEKERJAAN UMUM DAN PENATAAN RUANG, 1398 Penerangan Jalan (")
    assert lines[-2:] == (
        "place: Kabupaten Garut, Jawa Barat (32.05)",
        "sure enough to stand without a person: class, category",
    )


def test_without_a_place_none_is_named() -> None:
    assert [line for line in explain(classify(report_of("lampu jalan mati"))) if line.startswith("place")] == []


def test_a_stored_suggestion_can_be_read_again() -> None:
    suggestion = classify(report_of("lampu jalan mati di kabupaten garut"))
    assert Suggestion.model_validate(suggestion.model_dump(mode="json")) == suggestion


def test_probabilities_lie_between_measured_points() -> None:
    points = ((0.0, 0.1), (0.5, 0.7), (1.0, 0.9))
    assert [interpolated(at, points) for at in (0.0, 0.25, 0.5, 1.0)] == pytest.approx([0.1, 0.4, 0.7, 0.9])


def test_the_model_knows_every_parent_of_the_tree() -> None:
    assert set(load_model().parents) == set(load_categories().parents)


ONE_AGAINST_MANY = "kk saya kerja di pabrik gajinya belum dibayar"
TWO_WORDS = "ktp dan kk belum jadi di dukcapil"
AMONG_MANY_WORDS = (
    "mohon bantuan untuk kk saya yang sudah bekerja di luar kota sejak tahun lalu karena belum ada kabar dari petugas "
    "kantor sampai hari ini, gaji dan upah lembur perusahaan belum dibayar terima kasih"
)


@pytest.mark.parametrize(
    ("text", "sure", "decides"),
    [
        (TWO_WORDS, 0.69, False),
        (TWO_WORDS, 0.7, True),
        (ONE_AGAINST_MANY, 0.7, False),
        (ONE_AGAINST_MANY, 0.89, False),
        (ONE_AGAINST_MANY, 0.9, True),
        (AMONG_MANY_WORDS, 0.7, True),
    ],
)
def test_one_word_against_the_rest_of_a_short_text_must_be_surer(text: str, sure: float, decides: bool) -> None:
    said = standard(words(text))
    assert load_model().decides(said, load_lexicon(), "KEPENDUDUKAN", sure) is decides


@given(st.text(max_size=300))
def test_any_text_gets_the_same_suggestion_each_time_with_falling_probabilities(text: str) -> None:
    suggestion = classify(report_of(text))
    chances = [one.probability for one in (suggestion.category, *suggestion.alternatives)]
    assert suggestion == classify(report_of(text))
    assert all(0 <= one <= 1 for one in chances)
    assert sum(chances) <= 1.001
    assert chances[1:] == sorted(chances[1:], reverse=True)
