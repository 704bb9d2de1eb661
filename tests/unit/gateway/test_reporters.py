"""A reporter is found by phone number or NIK however they are written, and never by reading the ledger."""

from __future__ import annotations

import pytest

from gateway.keyring import make_key_ring
from gateway.reporters import kept_keys_of, reporter_key, reporter_keys_of, sender_key_of
from gateway.vault import Vault
from schemas.report import Reporter

VAULT = Vault(make_key_ring(lambda size: bytes(range(size))))
NIK = "3273014101900001"


@pytest.mark.parametrize("written", ["+62 812-0000-0001", "081200000001", "0812 0000 0001", "006281200000001"])
def test_a_phone_number_has_one_key_however_it_is_written(written: str) -> None:
    assert reporter_key(VAULT, written) == reporter_key(VAULT, "+6281200000001")


def test_a_nik_has_one_key_with_dots_or_without() -> None:
    assert reporter_key(VAULT, "3273.0141.0190.0001") == reporter_key(VAULT, NIK)


@pytest.mark.parametrize("text", ["", "http_503", "K7RM-4XQ9-HT3C", "12345"])
def test_another_text_has_no_key(text: str) -> None:
    assert reporter_key(VAULT, text) is None


def test_a_reporter_is_kept_under_each_of_them() -> None:
    keys = reporter_keys_of(VAULT, Reporter(name="Sari", phone="+6281200000001", nik=NIK))
    assert keys == (reporter_key(VAULT, "081200000001"), reporter_key(VAULT, NIK))


def test_nobody_is_kept_who_gave_neither() -> None:
    assert (reporter_keys_of(VAULT, None), reporter_keys_of(VAULT, Reporter(name="Sari"))) == ((), ())


def test_somebody_without_number_is_known_again_by_mail_address_or_conversation_and_an_unknown_one_by_nothing() -> None:
    numbered, mailed = Reporter(name="Sari", phone="+6281200000001"), Reporter(name="Sari", email="Sari@contoh.id ")
    assert kept_keys_of(VAULT, numbered, b"talk") == reporter_keys_of(VAULT, numbered)
    assert sender_key_of(VAULT, numbered, b"talk") == reporter_keys_of(VAULT, numbered)[0]
    [key] = kept_keys_of(VAULT, mailed, b"talk")
    assert kept_keys_of(VAULT, Reporter(name="S.", email="sari@contoh.id"), None) == (key,)
    assert (kept_keys_of(VAULT, None, b"talk"), kept_keys_of(VAULT, None, None)) == ((b"talk",), ())
