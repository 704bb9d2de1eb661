"""Reports of one event are recognised, whoever tells them; whatever may be another event is taken for one."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any
from uuid import UUID

import pytest

from gateway.classify import classify
from gateway.likeness import Likeness, Sketch, alike, brings_news, likeness_of, sketch_of, unpacked
from schemas.report import Location, Report

SINCE = UUID(int=0)
LAMP = (
    "Lampu jalan di Jl. Merdeka depan SDN 3 Cimahi padam sejak Senin, gelap sekali, kemarin ada yang terserempet motor"
)
FLOOD = "banjir di perumahan griya asri bekasi utara sejak tadi pagi air setinggi lutut warga belum dapat bantuan"


def hashed(text: str) -> bytes:
    return blake2b(text.encode(), key=b"kunci uji", digest_size=16).digest()


def report(content: str, **given: Any) -> Report:
    return Report(title=content[:40], content=content, **given)


def sketch(content: str, **given: Any) -> Sketch:
    one = report(content, **given)
    found = sketch_of(one, classify(one), hashed)
    assert found is not None
    return found


def likeness(content: str, sender: bytes | None = b"wati", **given: Any) -> Likeness | None:
    one = report(content, **given)
    return likeness_of(one, classify(one), sender, SINCE, hashed)


SAME_EVENT = [
    (LAMP, "PJU depan SDN 3 Jl Merdeka Cimahi mati dari hari Senin, gelap, mohon diperbaiki"),
    (LAMP, "lampu penerangan jalan depan sdn 3 jalan merdeka cimahi padam, gelap banget, tolong dibenerin pak"),
    (
        FLOOD,
        "Air setinggi lutut di Perumahan Griya Asri Bekasi Utara, banjir dari pagi dan belum ada bantuan sama sekali",
    ),
]
OTHER_EVENT = [
    (LAMP, LAMP.replace("SDN 3", "SDN 4")),
    (LAMP, LAMP.replace("Merdeka", "Pahlawan")),
    (LAMP, LAMP.replace("Cimahi", "Garut")),
    (LAMP, "Sampah menumpuk di Jl Merdeka depan SDN 3 Cimahi sudah 3 hari bau busuk"),
    (FLOOD, FLOOD.replace("asri", "indah")),
    (
        "Jalan berlubang besar di Desa Sukamaju RT 02 RW 05 dekat jembatan, sudah dua motor jatuh",
        "Jalan berlubang besar di Desa Sukamaju RT 03 RW 05 dekat jembatan, sudah dua motor jatuh",
    ),
    (
        "Listrik rumah saya di Jalan Kenanga Blok C No 5 Tegalsari padam dari semalam",
        "Listrik rumah saya di Jalan Kenanga Blok D No 7 Tegalsari padam dari semalam",
    ),
    (
        "Sampah di TPS Pasar Baru Purwakarta tidak diangkut seminggu, baunya sampai rumah warga",
        "Sampah di TPS Pasar Rebo Purwakarta tidak diangkut seminggu, baunya sampai rumah warga",
    ),
    (
        "Jalan rusak parah berlubang dan becek di Kota Bandung Jawa Barat, mohon diperbaiki",
        "Jalan rusak parah berlubang dan becek di Kota Bandung Jawa Barat, mohon diperbaiki segera",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME_EVENT)
def test_two_people_who_tell_of_one_event_are_recognised(one: str, other: str) -> None:
    assert alike(sketch(one), sketch(other), same_sender=False) is not None


@pytest.mark.parametrize(("one", "other"), OTHER_EVENT)
@pytest.mark.parametrize("turned", [False, True])
def test_what_may_be_another_event_is_one(one: str, other: str, turned: bool) -> None:
    first, second = (sketch(text) for text in ((other, one) if turned else (one, other)))
    assert alike(first, second, same_sender=False) is None


def test_two_peoples_identity_cards_are_two_matters_and_one_persons_is_one() -> None:
    card = (
        "KTP saya sudah 3 bulan belum jadi di Disdukcapil Kecamatan Padalarang padahal sudah rekam data, mohon dibantu"
    )
    first, second = sketch(card), sketch(card.replace("3 bulan", "4 bulan"))
    assert alike(first, second, same_sender=False) is None
    assert alike(first, second, same_sender=True) == 1.0


def test_another_matter_at_the_same_place_is_another_event_for_the_same_person_too() -> None:
    first, second = (sketch(LAMP), sketch("Sampah menumpuk di Jl Merdeka depan SDN 3 Cimahi sudah 3 hari bau busuk"))
    assert alike(first, second, same_sender=True) is None


def test_the_same_place_by_position_is_enough_and_another_position_is_another_event() -> None:
    hole = "Lubang besar di tengah jalan raya depan warung, sangat dalam dan berbahaya untuk pengendara motor"
    here, near, far = (
        sketch(hole, location=Location(latitude=-6.872, longitude=longitude))
        for longitude in (107.5421, 107.5432, 107.6)
    )
    assert alike(here, near, same_sender=False) == 1.0
    assert alike(here, far, same_sender=False) is None
    assert alike(here, sketch(hole), same_sender=False) is None


def test_a_place_that_was_given_beside_the_text_counts_as_named_in_it() -> None:
    text = "Lampu penerangan jalan padam sejak minggu lalu, gelap sekali dan rawan begal"
    place = Location(village="Desa Tegalsari", district="Wates", regency="Kabupaten Kulon Progo")
    other = Location(village="Desa Bendungan", district="Wates", regency="Kabupaten Kulon Progo")
    assert alike(sketch(text, location=place), sketch(text, location=place), same_sender=False) == 1.0
    assert alike(sketch(text, location=place), sketch(text, location=other), same_sender=False) is None


@pytest.mark.parametrize(
    "content",
    [
        "lampu jalan mati depan SD 3 Wates",
        "Mohon bantuannya bapak ibu di kecamatan Wates desa Bendungan terima kasih",
        " ".join(f"jalan rusak di gang nomor {number}," for number in range(1, 20)),
    ],
)
def test_what_is_short_or_a_template_or_a_list_of_places_is_never_linked(content: str) -> None:
    assert likeness(content) is None


def test_a_report_without_a_place_is_never_linked() -> None:
    assert likeness("Pelayanan petugas sangat buruk dan lambat, antrean panjang sekali sampai siang") is None


@pytest.mark.parametrize("given", [{"is_secret": True}, {"is_priority": True}])
def test_a_secret_or_urgent_report_is_never_linked(given: dict[str, bool]) -> None:
    assert likeness(LAMP, **given) is None
    assert likeness(LAMP) is not None


def test_a_report_of_somebody_unknown_is_never_linked() -> None:
    assert likeness(LAMP, sender=None) is None


def test_a_report_of_one_place_is_found_again_by_its_sender_only() -> None:
    card = "KTP saya sudah 3 bulan belum jadi padahal sudah rekam data di kecamatan Padalarang, mohon dibantu"
    mine, again, others = likeness(card), likeness(card), likeness(card, sender=b"budi")
    assert mine is not None
    assert again is not None
    assert others is not None
    assert set(mine.keys) <= set(again.asked)
    assert set(mine.keys).isdisjoint(others.asked)


def test_a_position_is_found_from_the_squares_around_it() -> None:
    here = likeness(LAMP, location=Location(latitude=-6.872, longitude=107.5421))
    near = likeness(LAMP, location=Location(latitude=-6.872, longitude=107.5432))
    assert here is not None
    assert near is not None
    assert here.keys[-1] != near.keys[-1]
    assert here.keys[-1] in near.asked


def test_a_sketch_is_read_as_it_was_written_and_one_of_another_version_is_passed_over() -> None:
    one = sketch(LAMP, location=Location(latitude=-6.872, longitude=107.5421))
    assert unpacked(one.packed()) == one
    assert unpacked(b"\x00" + one.packed()[1:]) is None


def test_a_sketch_tells_nothing_without_the_key() -> None:
    other = sketch_of(report(LAMP), classify(report(LAMP)), lambda text: blake2b(text.encode()).digest()[:16])
    mine = sketch(LAMP)
    assert other is not None
    assert set(other.facts).isdisjoint(mine.facts)
    assert b"merdeka" not in mine.packed()


def test_a_title_of_its_own_is_read_too() -> None:
    content = "Gelap sekali sejak Senin, mohon segera diperbaiki, kemarin ada yang terserempet"
    one = Report(title="Lampu padam depan SDN 3 Jalan Merdeka Cimahi", content=content)
    assert sketch_of(one, classify(one), hashed) is not None
    assert likeness(content) is None


def test_news_is_what_was_not_told_yet() -> None:
    assert not brings_news("gelap sekali depan SDN 3", LAMP)
    assert brings_news("Tiangnya miring, kabelnya menjuntai, anak sekolah takut lewat", LAMP)
