"""The key file: master keys, the key of the indexes, the journal's signing key. Whoever has it can read everything.

It is a JSON file that only its owner may read. Rotation puts a new key in front and keeps the old ones: master keys to
unwrap with until everything is rewrapped, public journal keys to verify with for ever.
"""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from gateway.durable import private, sync, sync_folder
from gateway.notes import InvalidNote, Signer, Verifier, parse_signer, parse_verifier
from schemas.errors import Misconfigured

Entropy = Callable[[int], bytes]
"""Gives so many random bytes; `os.urandom` outside of tests."""

_VERSION = 1
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key that wraps the keys of reports. Its id is drawn from the key, so that a wrong key cannot pass under it."""

    id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of an installation. `master` has the current one first; `former` are journal keys that signed once.

    `index_key` makes the keyed hashes by which messages are found again; it stays for the life of a ledger.
    """

    master: tuple[MasterKey, ...]
    index_key: bytes = field(repr=False)
    journal: Signer
    former: tuple[Verifier, ...] = ()

    @property
    def origin(self) -> str:
        """The name of the journal, as its checkpoints state it."""
        return self.journal.name

    @property
    def trusted(self) -> tuple[Verifier, ...]:
        """Every key by which this journal was ever signed, the current one first."""
        return (self.journal.verifier, *self.former)


def make_key_ring(entropy: Entropy, origin: str | None = None) -> KeyRing:
    """A new key ring. `origin` names the journal (a domain and a path, say); without it a random name is made."""
    name = origin or f"sp4n-gateway/{entropy(4).hex()}"
    try:
        journal = Signer(name, entropy(_KEY_BYTES))
    except InvalidNote as error:
        raise Misconfigured(f"{name!r} cannot name a journal: {error}") from error
    return KeyRing(master=(_make_master(entropy),), index_key=entropy(_KEY_BYTES), journal=journal)


def rotated(ring: KeyRing, entropy: Entropy) -> KeyRing:
    """The ring with a new master key in front. Rewrap every key of the ledger, then drop the old one."""
    return replace(ring, master=(_make_master(entropy), *ring.master))


def without_master(ring: KeyRing, master_key_id: str) -> KeyRing:
    """The ring without a master key under which nothing lies any more. The current one stays. Raises Misconfigured."""
    if master_key_id == ring.master[0].id:
        raise Misconfigured(f"master key {master_key_id} is the current one; rotate before you drop it")
    return replace(ring, master=tuple(master for master in ring.master if master.id != master_key_id))


def journal_rotated(ring: KeyRing, entropy: Entropy) -> KeyRing:
    """The ring with a new signing key of the journal. Publish the new verifier key; old checkpoints stay valid."""
    journal = Signer(ring.origin, entropy(_KEY_BYTES))
    return replace(ring, journal=journal, former=(ring.journal.verifier, *ring.former))


def load_key_ring(path: Path) -> KeyRing:
    """The ring in a key file. Raises Misconfigured, with what to do, when it is missing, open to others or damaged."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read()
    except OSError as error:
        raise Misconfigured(f"the key file {path} cannot be read: {error.strerror}") from error
    if mode & 0o077:
        raise Misconfigured(f"the key file {path} can be read by others (mode {mode:04o}); run: chmod 600 {path}")
    try:
        return _read(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misconfigured(f"the key file {path} is damaged ({error}); restore it from its backup") from error


def save_key_ring(ring: KeyRing, path: Path, *, replace_existing: bool = False) -> None:
    """Write the key file, synced and whole or not at all, readable by its owner only.

    An existing one is replaced only when asked for: without the old keys nothing in the ledger can be read. Raises
    Misconfigured.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with private(temporary) as file:
            file.write(json.dumps(_written(ring), indent=2).encode() + b"\n")
            sync(file)
        if replace_existing:
            temporary.replace(path)
        else:
            path.hardlink_to(temporary)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise Misconfigured(f"there is a key file at {path} already; it is not overwritten") from error
    except OSError as error:
        raise Misconfigured(f"the key file {path} cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _make_master(entropy: Entropy) -> MasterKey:
    key = entropy(_KEY_BYTES)
    return MasterKey(_master_id(key), key)


def _master_id(key: bytes) -> str:
    return sha256(b"sp4n-gateway master key\n" + key).hexdigest()[:16]


def _written(ring: KeyRing) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "warning": "Whoever reads this file can read every report. Keep a copy off this machine: nothing replaces it.",
        "master": [{"id": master.id, "key": _encode(master.key)} for master in ring.master],
        "index_key": _encode(ring.index_key),
        "journal": ring.journal.secret(),
        "former": [str(verifier) for verifier in ring.former],
    }


def _read(written: dict[str, Any]) -> KeyRing:
    if written["version"] != _VERSION:
        raise ValueError(f"version {written['version']} is not known")
    master = tuple(MasterKey(entry["id"], _decode(entry["key"])) for entry in written["master"])
    if not master or any(entry.id != _master_id(entry.key) for entry in master):
        raise ValueError("a master key does not fit its id")
    return KeyRing(
        master=master,
        index_key=_decode(written["index_key"]),
        journal=parse_signer(written["journal"]),
        former=tuple(parse_verifier(text) for text in written["former"]),
    )


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decode(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError(f"a key has {_KEY_BYTES} bytes")
    return key
