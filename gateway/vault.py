"""Encryption of personal payload: a key per report under a master key, so that destroying one key erases one person.

Everything is AES-256-GCM with random 96-bit nonces (NIST SP 800-38D allows 2^32 of them for a key: more reports than
one master key will ever wrap). Keys for different uses are derived with HMAC-SHA-256 and never shared.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.commitments import commitment_of
from gateway.keyring import Entropy
from gateway.keyring import KeyRing as KeyRing
from gateway.keyring import MasterKey as MasterKey
from gateway.keyring import journal_rotated as journal_rotated
from gateway.keyring import load_key_ring as load_key_ring
from gateway.keyring import make_key_ring as make_key_ring
from gateway.keyring import rotated as rotated
from gateway.keyring import save_key_ring as save_key_ring
from gateway.keyring import without_master as without_master
from gateway.sealed_stream import SALT_BYTES, VERSION, opened_pieces, sealed_pieces
from schemas.errors import GatewayError, Misconfigured, Tampered

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_SHORTEST = len(_VERSION) + _NONCE_BYTES + 16
_HASH_BYTES = 16


class Erased(GatewayError):
    """The key was destroyed: what lay under it is gone for good."""


class Archived(Erased):
    """The key is kept and not given out: what lies under it was taken out of the ledger, and can be put back."""


class Readable(Protocol):
    """What bytes are read from, in order."""

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer only at the end; all that are left for a negative size."""


class SubjectKey:
    """The key of a report, or of a parked message. `wrapped` and `master_key_id` are what the ledger keeps of it."""

    __slots__ = ("_cipher", "_commit", "_data_key", "_entropy", "_subject", "master_key_id", "wrapped")

    def __init__(self, subject: UUID, data_key: bytes, wrapped: bytes, master_key_id: str, entropy: Entropy) -> None:
        self.wrapped = wrapped
        self.master_key_id = master_key_id
        self._subject = subject.bytes
        self._data_key = data_key
        self._entropy = entropy
        self._cipher: AESGCM | None = None
        self._commit: bytes | None = None

    def seal(self, part: str, data: bytes) -> bytes:
        """Encrypt one part of the report; it can be opened only as that part of that report."""
        return _seal(self._sealing(), self._entropy, data, self._subject + part.encode())

    def open(self, part: str, sealed: bytes) -> bytes:
        """Decrypt one part. Raises Tampered when it was changed, or is another part or another report's."""
        return _open(self._sealing(), sealed, self._subject + part.encode(), f"the sealed {part} of a report")

    def seal_pieces(self, part: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Encrypt one large part as it comes, in pieces that a file may take."""
        context = self._subject + part.encode()
        return sealed_pieces(_derived(self._data_key, b"stream"), context, self._entropy(SALT_BYTES), pieces)

    def open_pieces(self, part: str, file: Readable) -> Iterator[bytes]:
        """Decrypt a file of `seal_pieces`, or one of `seal`, in pieces. Raises Tampered as `open` does."""
        version = file.read(1)
        if version != VERSION:
            yield self.open(part, version + file.read())
            return
        context = self._subject + part.encode()
        yield from opened_pieces(_derived(self._data_key, b"stream"), context, file.read)

    def commitment(self, part: str, ident: UUID, data: bytes) -> bytes:
        """32 bytes that commit to the data of one attempt; nobody can guess it from them once this key is destroyed."""
        return commitment_of(self.salt(part, ident), data)

    def salt(self, part: str, ident: UUID) -> bytes:
        """The salt of that commitment. Giving it away lets others check this one commitment and nothing else."""
        if self._commit is None:
            self._commit = _derived(self._data_key, b"commit")
        return hmac.digest(self._commit, ident.bytes + part.encode(), "sha256")

    def _sealing(self) -> AESGCM:
        if self._cipher is None:
            self._cipher = AESGCM(_derived(self._data_key, b"seal"))
        return self._cipher


class Vault:
    """Makes and opens keys. One instance serves all threads."""

    def __init__(self, ring: KeyRing, entropy: Entropy = os.urandom) -> None:
        self._entropy = entropy
        self._index_key = ring.index_key
        self._current = ring.master[0].id
        self._wrapping = {master.id: AESGCM(_derived(master.key, b"wrap")) for master in ring.master}
        self._secrets = {master.id: AESGCM(_derived(master.key, b"secrets")) for master in ring.master}

    @property
    def master_key_id(self) -> str:
        """The id of the master key that new keys are wrapped with."""
        return self._current

    def new_key(self, subject: UUID) -> SubjectKey:
        """A fresh key for a report or a parked message."""
        data_key = self._entropy(_KEY_BYTES)
        wrapped = _seal(self._wrapping[self._current], self._entropy, data_key, subject.bytes)
        return SubjectKey(subject, data_key, wrapped, self._current, self._entropy)

    def open_key(self, subject: UUID, wrapped: bytes | None, master_key_id: str | None) -> SubjectKey:
        """The key of a subject from what the ledger kept.

        Raises Erased when it was destroyed, Archived when what it opens lies in an archive (`KeyRow`), Misconfigured
        for a master key that is not in the key file, Tampered when the wrapped key was changed or is another subject's.
        """
        if wrapped is None and master_key_id is not None:
            raise Archived("the content of this report lies in an archive; `sp4n-gateway archive restore` puts it back")
        if wrapped is None:
            raise Erased("the key of this report was destroyed; its content cannot be read by anybody any more")
        cipher = _of_ring(self._wrapping, master_key_id)
        data_key = _open(cipher, wrapped, subject.bytes, "the wrapped key of a report")
        return SubjectKey(subject, data_key, wrapped, master_key_id or "", self._entropy)

    def rewrap(self, subject: UUID, wrapped: bytes | None, master_key_id: str | None) -> tuple[bytes, str]:
        """The same key under the current master key. Raises as `open_key` does."""
        key = self.open_key(subject, wrapped, master_key_id)
        if key.master_key_id == self._current:
            return key.wrapped, self._current
        cipher = self._wrapping[self._current]
        return _seal(cipher, self._entropy, key._data_key, subject.bytes), self._current

    def keyed_hash(self, *parts: str | bytes) -> bytes:
        """16 bytes that tell equal values apart from different ones without telling what they are.

        Every part is framed by its length. A text and its UTF-8 bytes are the same part.
        """
        return hmac.digest(self._index_key, b"".join(map(_framed, parts)), "sha256")[:_HASH_BYTES]

    def seal_secrets(self, name: str, secrets: Mapping[str, str]) -> tuple[bytes, str]:
        """The secrets of a channel, encrypted, and the id of the master key that was used."""
        data = orjson.dumps(dict(secrets), option=orjson.OPT_SORT_KEYS)
        return _seal(self._secrets[self._current], self._entropy, data, name.encode()), self._current

    def open_secrets(self, name: str, sealed: bytes | None, master_key_id: str | None) -> dict[str, str]:
        """The secrets of a channel, none for one that has none. Raises Misconfigured and Tampered like `open_key`."""
        if sealed is None:
            return {}
        cipher = _of_ring(self._secrets, master_key_id)
        secrets: dict[str, str] = orjson.loads(_open(cipher, sealed, name.encode(), f"the secrets of channel {name}"))
        return secrets


def _of_ring(ciphers: Mapping[str, AESGCM], master_key_id: str | None) -> AESGCM:
    cipher = ciphers.get(master_key_id or "")
    if cipher is None:
        raise Misconfigured(
            f"the key file has no master key {master_key_id}: put back the key file that has it "
            "(a master key may be dropped only after everything was rewrapped)"
        )
    return cipher


def _seal(cipher: AESGCM, entropy: Entropy, data: bytes, context: bytes) -> bytes:
    nonce = entropy(_NONCE_BYTES)
    return _VERSION + nonce + cipher.encrypt(nonce, data, context)


def _open(cipher: AESGCM, sealed: bytes, context: bytes, what: str) -> bytes:
    if len(sealed) < _SHORTEST or sealed[:1] != _VERSION:
        raise Tampered(f"{what} is not in the form in which it was written")
    try:
        return cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], context)
    except InvalidTag as error:
        raise Tampered(f"{what} was changed, or belongs to another") from error


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.digest(key, b"sp4n-gateway/vault/v1/" + use, "sha256")


def _framed(part: str | bytes) -> bytes:
    raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
    return len(raw).to_bytes(8, "big") + raw
