"""The reporter's identity goes where identity belongs, and only what is unequivocal."""

from __future__ import annotations

from gateway.identity import Identity, find_identity, hide_identity
from schemas.report import Reporter

NIK = "3174010101900001"
OTHER_NIK = "3174014101900002"
PHONE = "+6281100000001"


def test_what_is_found_once_fills_the_empty_fields() -> None:
    texts = (f"NIK {NIK}", "hp saya 081100000001", "email saya warga@contoh.example")
    found = find_identity(texts, Reporter(name="Warga Contoh"))
    assert found == Identity(
        Reporter(name="Warga Contoh", nik=NIK, phone=PHONE, email="warga@contoh.example"),
        phones=(PHONE,),
        emails=("warga@contoh.example",),
    )


def test_somebody_unknown_becomes_known_by_what_is_found() -> None:
    assert find_identity([f"NIK {NIK}"], None).reporter == Reporter(nik=NIK)


def test_nobody_is_made_up() -> None:
    assert find_identity(["Jalan rusak"], None) == Identity(None)


def test_what_the_channel_knows_is_not_replaced() -> None:
    known = Reporter(nik=OTHER_NIK, phone="+6281100000002")
    found = find_identity([f"NIK {NIK}, hp saya 081100000001"], known)
    assert found == Identity(known, phones=("+6281100000002", PHONE))


def test_of_several_none_is_chosen() -> None:
    texts = (f"NIK saya {NIK}, NIK istri {OTHER_NIK}", "hp saya 081100000001", "wa saya 081100000002")
    assert find_identity(texts, None) == Identity(None, phones=(PHONE, "+6281100000002"))


def test_all_of_it_is_hidden_and_the_rest_stays() -> None:
    identity = Identity(Reporter(nik="1111222233334444"), phones=(PHONE,), emails=("warga@contoh.example",))
    text = f"1111222233334444 {NIK} 0811 0000 0001 warga@contoh.example penipu 081100000009 lain@contoh.example"
    assert hide_identity(text, identity) == (
        "[NIK dirahasiakan] [NIK dirahasiakan] [nomor telepon dirahasiakan] [surel dirahasiakan] "
        "penipu 081100000009 lain@contoh.example"
    )
