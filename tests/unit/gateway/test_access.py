"""Credentials of channels: made of enough chance, recognised, and refused when they are anything else."""

from __future__ import annotations

import pytest

from gateway.access import fits, make_credential, split_key


def test_a_credential_needs_forty_random_bytes() -> None:
    assert make_credential(bytes(40)).key.startswith("sgk_")
    with pytest.raises(ValueError, match="40 random bytes"):
        make_credential(bytes(39))


def test_a_key_is_taken_apart_as_it_was_put_together() -> None:
    made = make_credential(bytes(range(40)))
    assert split_key(made.key) == (made.id, made.key.removeprefix(f"sgk_{made.id}_"))


@pytest.mark.parametrize("key", ["", "sgk", "sgk_0011223344556677_", "abc_0011223344556677_x", "sgk_\0_x", "sgk_ünë_x"])
def test_what_no_key_of_ours_can_be_never_reaches_the_database(key: str) -> None:
    assert split_key(key) is None


def test_a_secret_fits_its_own_digest_only() -> None:
    made, other = make_credential(bytes(range(40))), make_credential(bytes(40))
    secret = made.key.removeprefix(f"sgk_{made.id}_")
    assert fits(secret, made.digest)
    assert not fits(secret, other.digest)
