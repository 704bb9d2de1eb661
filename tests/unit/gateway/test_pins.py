"""The PIN of a tracking code."""

from __future__ import annotations

import pytest

from gateway.keyring import make_key_ring
from gateway.pins import is_pin, pin_of
from gateway.vault import Vault

CODE = "K7RM-4XQ9-HT3C"


def vault(seed: int) -> Vault:
    return Vault(make_key_ring(lambda size: bytes([seed]) * size))


def test_a_code_has_one_pin_of_six_digits_that_another_installation_does_not_know() -> None:
    pin = pin_of(vault(1), CODE)
    assert (pin, len(pin), pin.isdigit()) == (pin_of(vault(1), CODE), 6, True)
    assert pin_of(vault(2), CODE) != pin


@pytest.mark.parametrize("given", ["", "000000x", "１２３４５６", "\ud800", "9" * 5000])
def test_anything_else_is_not_the_pin(given: str) -> None:
    assert not is_pin(vault(1), CODE, given)
    assert is_pin(vault(1), CODE, pin_of(vault(1), CODE))
