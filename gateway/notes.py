"""Signed notes and checkpoints as the public specifications have them, so that anybody's tools can verify ours.

Sources: c2sp.org/signed-note and c2sp.org/tlog-checkpoint. Keys are written as Go's `golang.org/x/mod/sumdb/note`
writes them: `name+hash+base64(0x01 || public key)`, private ones as `PRIVATE+KEY+name+hash+base64(0x01 || seed)`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_PRIVATE = "PRIVATE+KEY+"
_DASH = "\u2014 "
_MOST_SIGNATURES = 100
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class InvalidNote(ValueError):
    """The text is no such note or key, or nobody whom we trust signed it. The message says which."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under its name. `str()` gives the verifier key to hand out."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the hash of name and key."""
        return _key_id(self.name, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encode(_ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under its name. `secret()` gives the text to keep."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise InvalidNote("an Ed25519 key has 32 bytes")
        _check_name(self.name)

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def secret(self) -> str:
        """The private key as text; whoever has it can sign in our name."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{_encode(_ED25519 + self.seed)}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: who keeps it, how many leaves it has, and their root."""

    origin: str
    size: int
    root: bytes


def parse_verifier(text: str) -> Verifier:
    """A verifier key from its text. Raises InvalidNote."""
    name, key_id, key = _split_key(text.strip())
    verifier = Verifier(name, key)
    if verifier.key_id.hex() != key_id:
        raise InvalidNote("the verifier key is mistyped: its hash does not fit its name and key")
    return verifier


def parse_signer(text: str) -> Signer:
    """A private key from its text. Raises InvalidNote."""
    if not text.startswith(_PRIVATE):
        raise InvalidNote(f"a private key begins with {_PRIVATE}")
    name, key_id, seed = _split_key(text.removeprefix(_PRIVATE).strip())
    signer = Signer(name, seed)
    if signer.verifier.key_id.hex() != key_id:
        raise InvalidNote("the private key is mistyped: its hash does not fit its name and key")
    return signer


def sign(text: str, signer: Signer) -> str:
    """The text with its signature line. Raises InvalidNote for a text that no note can hold."""
    _check_text(text)
    key = Ed25519PrivateKey.from_private_bytes(signer.seed)
    signature = key.sign(text.encode())
    return f"{text}\n{_DASH}{signer.name} {_encode(signer.verifier.key_id + signature)}\n"


def open_note(note: str, trusted: Iterable[Verifier]) -> str:
    """The text of a note that at least one trusted key signed.

    Signatures of unknown keys are passed over; a wrong one of a trusted key refuses the note. Raises InvalidNote.
    """
    text, signatures = _split_note(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in trusted}
    verified = False
    for name, key_id, signature in signatures:
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        if not _signed_by(verifier, text, signature):
            raise InvalidNote(f"the signature of {name} does not fit the text")
        verified = True
    if not verified:
        raise InvalidNote("no key that is trusted here signed it")
    return text


def text_of(note: str) -> str:
    """The text of a note whoever signed it; nothing in it may be believed. Raises InvalidNote."""
    return _split_note(note)[0]


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The signed note of a checkpoint."""
    return sign(f"{checkpoint.origin}\n{checkpoint.size}\n{_encode(checkpoint.root)}\n", signer)


def open_checkpoint(note: str, trusted: Iterable[Verifier], origin: str | None = None) -> Checkpoint:
    """The checkpoint in a note that a trusted key signed. `origin`: whose log it must be. Raises InvalidNote."""
    checkpoint = parse_checkpoint(open_note(note, trusted))
    if origin is not None and checkpoint.origin != origin:
        raise InvalidNote(f"it is a checkpoint of {checkpoint.origin}, not of {origin}")
    return checkpoint


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text states. Raises InvalidNote."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise InvalidNote("a checkpoint has a line each for origin, size and root")
    if not _SIZE.fullmatch(lines[1]):
        raise InvalidNote("the size of a checkpoint is a plain decimal number")
    root = _decode(lines[2])
    if len(root) != 32:
        raise InvalidNote("the root of a checkpoint has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def _split_key(text: str) -> tuple[str, str, bytes]:
    parts = text.split("+", 2)  # the base64 may hold plus signs of its own
    if len(parts) != 3:
        raise InvalidNote("a key reads name+hash+key")
    key = _decode(parts[2])
    if key[:1] != _ED25519 or len(key) != 33:
        raise InvalidNote("the key is no Ed25519 key")
    _check_name(parts[0])
    return parts[0], parts[1], key[1:]


def _split_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    head, separator, tail = note.rpartition("\n\n")
    text = head + "\n"
    _check_text(text)
    lines = tail.split("\n")
    if not separator or lines[-1] or not 2 <= len(lines) <= _MOST_SIGNATURES + 1:
        raise InvalidNote("a note is a text, an empty line and one or more signatures")
    return text, [_signature(line) for line in lines[:-1]]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise InvalidNote("a signature line reads: dash, name, signature")
    _check_name(name)
    raw = _decode(encoded)
    if len(raw) <= _KEY_ID_BYTES:
        raise InvalidNote("a signature is longer than its key's hash")
    return name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:]


def _signed_by(verifier: Verifier, text: str, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_KEY_ID_BYTES]


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise InvalidNote("the text of a note ends with a line break and has no control characters")


def _check_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() for character in name) or _CONTROL.search(name):
        raise InvalidNote("the name of a key is not empty and has neither spaces nor plus signs")


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidNote("what should be base64 is none") from error
    if _encode(raw) != text:
        raise InvalidNote("what should be base64 is written in an unusual way")
    return raw
