"""Passwords are hashed, and checked alike whether the user exists or not."""

from __future__ import annotations

import pytest

from gateway.passwords import fits, hash_password
from schemas.errors import Invalid

PASSWORD = "kuda laut hijau muda"


def test_the_right_password_fits_its_hash_and_another_does_not() -> None:
    hashed = hash_password(PASSWORD)
    assert (hashed[:9], fits(PASSWORD, hashed), fits("kuda laut biru muda", hashed)) == ("$argon2id", True, False)


def test_without_a_user_no_password_fits() -> None:
    assert fits("nobody signs in with this", None) is False


def test_what_is_no_hash_fits_nothing() -> None:
    assert fits(PASSWORD, "plain") is False


@pytest.mark.parametrize("password", ["short", "x" * 257])
def test_a_password_has_a_length_that_protects(password: str) -> None:
    with pytest.raises(Invalid):
        hash_password(password)
