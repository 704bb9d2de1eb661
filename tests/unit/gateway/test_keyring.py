"""The key file is whole, private, and never lost by mistake."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gateway.keyring import (
    KeyRing,
    journal_rotated,
    load_key_ring,
    make_key_ring,
    rotated,
    save_key_ring,
    without_master,
)
from gateway.notes import Checkpoint, InvalidNote, open_checkpoint, parse_verifier, sign_checkpoint
from schemas.errors import Misconfigured

RING = make_key_ring(Random(1).randbytes, "jurnal.example.go.id/uji")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kunci.json"


def written(path: Path) -> dict[str, Any]:
    save_key_ring(RING, path)
    content: dict[str, Any] = json.loads(path.read_text())
    return content


# ------------------------------------------------------------------------------------------------------------- the file


def test_a_ring_comes_back_as_it_was_saved(path: Path) -> None:
    ring = journal_rotated(rotated(RING, os.urandom), os.urandom)
    save_key_ring(ring, path)
    assert load_key_ring(path) == ring


def test_the_file_is_for_its_owners_eyes_only_and_nothing_is_left_beside_it(path: Path) -> None:
    save_key_ring(RING, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_file_that_others_can_read_is_refused_with_the_command_that_mends_it(path: Path, mode: int) -> None:
    save_key_ring(RING, path)
    path.chmod(mode)
    with pytest.raises(Misconfigured, match=f"run: chmod 600 {path}"):
        load_key_ring(path)


def test_a_file_that_even_its_owner_cannot_write_is_fine(path: Path) -> None:
    save_key_ring(RING, path)
    path.chmod(0o400)
    assert load_key_ring(path) == RING


def test_an_existing_file_is_not_overwritten_by_mistake(path: Path) -> None:
    save_key_ring(RING, path)
    with pytest.raises(Misconfigured, match="not overwritten"):
        save_key_ring(make_key_ring(os.urandom), path)
    assert load_key_ring(path) == RING


def test_a_rotated_ring_replaces_the_file(path: Path) -> None:
    save_key_ring(RING, path)
    ring = rotated(RING, os.urandom)
    save_key_ring(ring, path, replace_existing=True)
    assert load_key_ring(path) == ring


def test_what_an_interrupted_save_left_behind_is_no_obstacle(path: Path) -> None:
    path.with_name(f".{path.name}.{os.getpid()}.new").write_text("setengah")
    save_key_ring(RING, path)
    assert load_key_ring(path) == RING


def test_a_missing_file_and_a_missing_folder_are_told_apart_from_damage(path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read: No such file"):
        load_key_ring(path)
    with pytest.raises(Misconfigured, match="cannot be written: No such file"):
        save_key_ring(RING, path.parent / "tidak" / "ada.json")


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 2},
        {"master": []},
        {"master": [{"id": "salah", "key": "A" * 43 + "="}]},
        {"master": 5},
        {"index_key": "pendek"},
        {"index_key": "AAAA"},
        {"index_key": None},
        {"journal": "PRIVATE+KEY+x+y+z"},
        {"former": ["bukan kunci"]},
    ],
    ids=str,
)
def test_a_damaged_file_is_refused(path: Path, damage: dict[str, Any]) -> None:
    path.write_text(json.dumps(written(path) | damage))
    with pytest.raises(Misconfigured, match="is damaged"):
        load_key_ring(path)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\ufffe"])
def test_a_file_that_is_something_else_is_refused(path: Path, content: str) -> None:
    save_key_ring(RING, path)
    path.write_text(content)
    with pytest.raises(Misconfigured, match="is damaged"):
        load_key_ring(path)


def test_a_master_key_that_was_exchanged_is_noticed(path: Path) -> None:
    content = written(path)
    content["master"][0]["key"] = content["index_key"]
    path.write_text(json.dumps(content))
    with pytest.raises(Misconfigured, match="does not fit its id"):
        load_key_ring(path)


def test_keys_are_not_shown_by_accident() -> None:
    secrets = [RING.master[0].key, RING.index_key, RING.journal.seed]
    assert [secret for secret in secrets if repr(secret) in repr(RING)] == []


# ---------------------------------------------------------------------------------------------------------------- rings


def test_a_ring_without_a_given_origin_has_one_of_its_own() -> None:
    one, other = make_key_ring(os.urandom), make_key_ring(os.urandom)
    assert one.origin.startswith("sp4n-gateway/")
    assert one.origin != other.origin


def test_a_journal_cannot_have_a_name_with_spaces() -> None:
    with pytest.raises(Misconfigured, match="cannot name a journal"):
        make_key_ring(os.urandom, "jurnal kita")


def test_rotating_puts_a_new_master_key_in_front_and_keeps_the_old() -> None:
    ring = rotated(RING, os.urandom)
    assert ring.master[1:] == RING.master
    assert (ring.index_key, ring.journal) == (RING.index_key, RING.journal)


def test_an_old_master_key_can_be_dropped_and_the_current_one_cannot() -> None:
    ring = rotated(RING, os.urandom)
    assert without_master(ring, RING.master[0].id).master == ring.master[:1]
    with pytest.raises(Misconfigured, match="is the current one"):
        without_master(ring, ring.master[0].id)


def test_checkpoints_of_a_former_journal_key_are_trusted_still() -> None:
    ring = journal_rotated(RING, os.urandom)
    checkpoint = Checkpoint(RING.origin, 1, bytes(32))
    assert open_checkpoint(sign_checkpoint(checkpoint, RING.journal), ring.trusted, ring.origin) == checkpoint
    assert open_checkpoint(sign_checkpoint(checkpoint, ring.journal), ring.trusted, ring.origin) == checkpoint
    with pytest.raises(InvalidNote):
        open_checkpoint(sign_checkpoint(checkpoint, ring.journal), RING.trusted)


def test_the_key_to_publish_is_the_one_that_signs(path: Path) -> None:
    save_key_ring(RING, path)
    ring: KeyRing = load_key_ring(path)
    assert parse_verifier(str(ring.journal.verifier)) == ring.trusted[0]
