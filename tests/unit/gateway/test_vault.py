"""What is sealed can be opened as the same part of the same report with the same key, and never otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.commitments import opens
from gateway.keyring import make_key_ring, rotated, without_master
from gateway.vault import Archived, Erased, SubjectKey, Vault
from schemas.errors import GatewayError, Misconfigured, Tampered

RING = make_key_ring(Random(1).randbytes)
VAULT = Vault(RING)
SUBJECT = UUID(int=1)
ATTEMPT = UUID(int=2)


def key() -> SubjectKey:
    return VAULT.new_key(SUBJECT)


def flips(value: bytes) -> list[bytes]:
    """The value with each of its bytes changed, one at a time."""
    return [value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :] for at in range(len(value))]


# -------------------------------------------------------------------------------------------------------------- sealing


@given(st.text(max_size=20), st.binary())
def test_what_is_sealed_comes_back(part: str, data: bytes) -> None:
    one = key()
    assert one.open(part, one.seal(part, data)) == data


def test_a_key_kept_in_the_ledger_opens_what_it_sealed() -> None:
    one = key()
    sealed = one.seal("report", b"Lampu jalan padam")
    again = VAULT.open_key(SUBJECT, one.wrapped, one.master_key_id)
    assert again.open("report", sealed) == b"Lampu jalan padam"


def test_the_same_content_is_never_sealed_into_the_same_bytes() -> None:
    one = key()
    assert one.seal("report", b"isi") != one.seal("report", b"isi")


def test_sealed_bytes_tell_nothing_of_the_content() -> None:
    assert b"Lampu jalan" not in key().seal("report", b"Lampu jalan padam")


def test_any_changed_byte_is_noticed() -> None:
    one = key()
    for spoiled in [*flips(one.seal("report", b"isi")), b"", b"\x01", one.seal("report", b"isi")[:-1]]:
        with pytest.raises(Tampered):
            one.open("report", spoiled)


def test_a_part_cannot_be_passed_off_as_another_or_as_anothers() -> None:
    one, sealed = key(), key().seal("report", b"isi")
    mine = one.seal("report", b"isi")
    with pytest.raises(Tampered):
        one.open("reporter", mine)
    with pytest.raises(Tampered):
        one.open("report", sealed)


def test_errors_hold_no_content() -> None:
    with pytest.raises(Tampered) as caught:
        key().open("reporter", b"\x01Budi Santoso, 0812-0000-0000, sekali lagi")
    assert "Budi" not in str(caught.value)


# --------------------------------------------------------------------------------------------------------- wrapped keys


def test_a_wrapped_key_belongs_to_its_subject() -> None:
    one = key()
    with pytest.raises(Tampered):
        VAULT.open_key(uuid4(), one.wrapped, one.master_key_id)


def test_any_changed_byte_of_a_wrapped_key_is_noticed() -> None:
    one = key()
    for spoiled in flips(one.wrapped):
        with pytest.raises(Tampered):
            VAULT.open_key(SUBJECT, spoiled, one.master_key_id)


def test_a_destroyed_key_is_erased_for_good() -> None:
    with pytest.raises(Erased) as caught:
        VAULT.open_key(SUBJECT, None, None)
    assert isinstance(caught.value, GatewayError)


def test_a_key_that_is_not_given_out_says_where_its_content_is() -> None:
    with pytest.raises(Archived, match="archive restore"):
        VAULT.open_key(SUBJECT, None, VAULT.master_key_id)


@pytest.mark.parametrize("master_key_id", ["tidak-ada", None])
def test_an_unknown_master_key_is_a_matter_of_configuration(master_key_id: str | None) -> None:
    with pytest.raises(Misconfigured, match="put back the key file"):
        VAULT.open_key(SUBJECT, key().wrapped, master_key_id)


# ------------------------------------------------------------------------------------------------------------- rotation


def test_after_rotation_old_keys_open_and_new_ones_are_wrapped_anew() -> None:
    old, ring = key(), rotated(RING, os.urandom)
    vault = Vault(ring)
    sealed = old.seal("report", b"isi")
    assert vault.open_key(SUBJECT, old.wrapped, old.master_key_id).open("report", sealed) == b"isi"
    assert vault.new_key(SUBJECT).master_key_id == ring.master[0].id != old.master_key_id


def test_a_rewrapped_key_needs_the_old_master_key_no_more_and_is_the_same_key() -> None:
    old, ring = key(), rotated(RING, os.urandom)
    sealed, commitment = old.seal("report", b"isi"), old.commitment("request", ATTEMPT, b"isi")
    wrapped, master_key_id = Vault(ring).rewrap(SUBJECT, old.wrapped, old.master_key_id)
    new = Vault(without_master(ring, RING.master[0].id)).open_key(SUBJECT, wrapped, master_key_id)
    assert (new.open("report", sealed), new.commitment("request", ATTEMPT, b"isi")) == (b"isi", commitment)


def test_a_key_under_the_current_master_key_is_left_as_it_is() -> None:
    one = key()
    assert VAULT.rewrap(SUBJECT, one.wrapped, one.master_key_id) == (one.wrapped, VAULT.master_key_id)


# ---------------------------------------------------------------------------------------------------------- commitments


def test_a_commitment_opens_with_its_salt() -> None:
    one = key()
    commitment = one.commitment("request", ATTEMPT, b"isi")
    assert opens(commitment, one.salt("request", ATTEMPT), b"isi")


def test_a_commitment_can_be_made_again_with_the_key_from_the_ledger() -> None:
    one = key()
    again = VAULT.open_key(SUBJECT, one.wrapped, one.master_key_id)
    assert again.commitment("request", ATTEMPT, b"isi") == one.commitment("request", ATTEMPT, b"isi")


@pytest.mark.parametrize(
    "salt",
    [
        lambda one: one.salt("response", ATTEMPT),
        lambda one: one.salt("request", UUID(int=3)),
        lambda one: key().salt("request", ATTEMPT),
    ],
    ids=["of another part", "of another attempt", "of another key"],
)
def test_every_commitment_has_a_salt_of_its_own(salt: Callable[[SubjectKey], bytes]) -> None:
    one = key()
    assert not opens(one.commitment("request", ATTEMPT, b"isi"), salt(one), b"isi")


# --------------------------------------------------------------------------------------------------- hashes and secrets


def test_keyed_hashes_are_the_same_for_the_same_parts_only() -> None:
    parts = [("a", "bc"), ("ab", "c"), ("abc",), ("a", "b", "c"), ("a", "bc", ""), ("",), (), ("a", b"bc\0")]
    assert VAULT.keyed_hash("a", "bc") == Vault(RING).keyed_hash("a", b"bc")
    assert len({VAULT.keyed_hash(*each) for each in parts}) == len(parts)
    assert {len(VAULT.keyed_hash(*each)) for each in parts} == {16}


def test_keyed_hashes_survive_rotation_and_differ_between_installations() -> None:
    assert Vault(rotated(RING, os.urandom)).keyed_hash("wa", "1") == VAULT.keyed_hash("wa", "1")
    assert Vault(make_key_ring(os.urandom)).keyed_hash("wa", "1") != VAULT.keyed_hash("wa", "1")


def test_broken_text_can_be_hashed_too() -> None:
    assert VAULT.keyed_hash("\ud800") != VAULT.keyed_hash("\ud801")


def test_secrets_of_a_channel_come_back_to_that_channel_only() -> None:
    sealed, master_key_id = VAULT.seal_secrets("wa-dinsos", {"app_secret": "rahasia"})
    assert VAULT.open_secrets("wa-dinsos", sealed, master_key_id) == {"app_secret": "rahasia"}
    with pytest.raises(Tampered):
        VAULT.open_secrets("wa-lain", sealed, master_key_id)
    with pytest.raises(Misconfigured):
        VAULT.open_secrets("wa-dinsos", sealed, "tidak-ada")


def test_a_channel_without_secrets_has_none() -> None:
    assert VAULT.open_secrets("web", None, None) == {}
