"""Phone numbers and addresses: the writer's own are hidden, those that the report is about are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.contacts import EMAIL_MASK, PHONE_MASK, e164, hide_address, hide_phone, own_addresses, own_phones

PHONE = "+6281100000001"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("081100000001", PHONE),
        ("0811-0000-0001", PHONE),
        ("(0811) 0000 0001", PHONE),
        ("6281100000001", PHONE),
        ("+62 811 0000 0001", PHONE),
        ("+62081100000001", PHONE),
        ("006281100000001", PHONE),
        ("81100000001", PHONE),
        ("٠٨١١٠٠٠٠٠٠٠١", PHONE),
        (" (021) 5551234 ", "+62215551234"),
        ("+1 415 555 0829", "+14155550829"),
        ("110", None),
        ("tidak ada", None),
        ("0811 / 0812", None),
        ("0800-LAPOR", None),
        ("0811" * 20, None),
        ("", None),
    ],
)
def test_a_number_has_one_spelling(text: str, number: str | None) -> None:
    assert e164(text) == number


@given(st.text())
def test_any_text_is_a_number_or_none_and_a_number_stays(text: str) -> None:
    number = e164(text)
    assert number is None or e164(number) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hubungi saya di 0811-0000-0001", (PHONE,)),
        ("WA saya: 081100000001.", (PHONE,)),
        ("no hp saya adalah +62 811 0000 0001 15 menit lagi", (PHONE,)),
        ("nomor kami 081100000001, hp saya 081100000002", (PHONE, "+6281100000002")),
        ("hp saya 081100000001, ulangi: hp saya 0811 0000 0001", (PHONE,)),
        ("saya ditipu nomor 081100000001", ()),
        ("hubungi pak lurah di 081100000001", ()),
        ("hp saya 12345678", ()),
        ("hp saya\n\n\n\n081100000001", ()),
        ("tagihan saya 081100000001", ()),
    ],
)
def test_numbers_that_the_text_calls_its_writers_own(text: str, found: tuple[str, ...]) -> None:
    assert own_phones(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("email saya: warga@contoh.example.", ("warga@contoh.example",)),
        ("balas ke surel kami di w.a+1@contoh.example", ("w.a+1@contoh.example",)),
        ("kirim ke dinas@kota.example", ()),
    ],
)
def test_addresses_that_the_text_calls_its_writers_own(text: str, found: tuple[str, ...]) -> None:
    assert own_addresses(text) == found


@pytest.mark.parametrize(
    "written",
    [
        "081100000001",
        "0811-0000-0001",
        "+62 811 0000 0001",
        "62811.0000.0001",
        "(0811) 0000 0001",
        "006281100000001",
        "81100000001",
    ],
)
def test_the_reporters_number_is_hidden_however_it_is_written(written: str) -> None:
    assert hide_phone(f"ini {written} ya, bukan 081100000002", PHONE) == f"ini {PHONE_MASK} ya, bukan 081100000002"


def test_a_number_from_abroad_is_hidden_too() -> None:
    assert hide_phone("call +1 415-555-0829", "+14155550829") == f"call {PHONE_MASK}"


@pytest.mark.parametrize("text", ["0811000000012", "9081100000001", "0811000000"])
def test_a_longer_or_shorter_number_is_another(text: str) -> None:
    assert hide_phone(text, PHONE) == text


@pytest.mark.parametrize("number", ["", "+", "1", "0811", "tidak ada", "081100000001"])
def test_what_is_no_number_hides_nothing(number: str) -> None:
    text = "tidak ada 1 dari 0811 dan 081100000001"
    assert hide_phone(text, number) == text


def test_the_reporters_address_is_hidden_in_any_case() -> None:
    text = "Warga@Contoh.example, bukan lain-warga@contoh.example atau warga@contoh.example.org"
    hidden = f"{EMAIL_MASK}, bukan lain-warga@contoh.example atau {EMAIL_MASK}.org"
    assert hide_address(text, "warga@contoh.example") == hidden


@pytest.mark.parametrize("address", ["", "a", "@", "warga@"])
def test_what_is_no_address_hides_nothing(address: str) -> None:
    assert hide_address("a @ warga@ b", address) == "a @ warga@ b"
