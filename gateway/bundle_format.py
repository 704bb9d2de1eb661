"""The evidence bundle: one file of JSON lines that proves what was recorded, and holds no personal data.

    {"type": "bundle", "version": 1, "made_at": …, "selection": {…}, "checkpoint": <signed note>, "key": <verifier key>}
    {"type": "earlier", "checkpoint": <signed note>, "proof": [<base64>, …]}         the log continues this older one
    {"type": "record", "position": 17, "record": <canonical JSON text>, "proof": [<base64>, …]}
    {"type": "opening", "attempt_id": …, "part": "request", "salt": <hex>, "body": <base64>}        only if asked for
    {"type": "end", "positions": [[17, 19], …], "note": <signed note over everything above>}

Positions count the leaves of the log from 0; proofs are those of RFC 9162 towards the bundle's checkpoint.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, BinaryIO
from uuid import UUID

from gateway.notes import Signer, Verifier, sign

VERSION = 1
_TITLE = "sp4n-gateway evidence bundle"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment was made to: the body of a request or of a response, and its salt. Personal data."""

    attempt_id: UUID
    part: str
    salt: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Totals:
    """What the end of a bundle states: how much there is above it, and the hash of it."""

    records: int
    openings: int
    digest: bytes


class BundleWriter:
    """Writes a bundle line by line; `end` signs it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._digest = sha256()
        self._positions: list[list[int]] = []
        self._records = 0
        self._openings = 0

    def begin(self, *, made_at: str, selection: Mapping[str, Any], checkpoint: str, key: Verifier) -> None:
        """The first line. `checkpoint` is the signed note that all proofs lead to."""
        head = {"type": "bundle", "version": VERSION, "made_at": made_at, "selection": dict(selection)}
        self._write({**head, "checkpoint": checkpoint, "key": str(key)})

    def earlier(self, checkpoint: str, proof: Sequence[bytes]) -> None:
        """An older checkpoint, with the proof that the bundle's own continues it."""
        self._write({"type": "earlier", "checkpoint": checkpoint, "proof": [encode(node) for node in proof]})

    def record(self, position: int, record: bytes, proof: Sequence[bytes]) -> None:
        """A record with its proof. Records come in the order of their positions."""
        nodes = [encode(node) for node in proof]
        self._write({"type": "record", "position": position, "record": record.decode(), "proof": nodes})
        self._records += 1
        if self._positions and self._positions[-1][1] == position - 1:
            self._positions[-1][1] = position
        else:
            self._positions.append([position, position])

    def opening(self, opening: Opening) -> None:
        """What a commitment was made to."""
        said = {"type": "opening", "attempt_id": str(opening.attempt_id), "part": opening.part}
        self._write({**said, "salt": opening.salt.hex(), "body": encode(opening.body)})
        self._openings += 1

    def end(self, signer: Signer) -> None:
        """The last line, signed with the journal's key."""
        self._digest.update(positions_bytes(self._positions))
        totals = Totals(self._records, self._openings, self._digest.digest())
        self._write({"type": "end", "positions": self._positions, "note": sign(end_text(signer.name, totals), signer)})

    def _write(self, value: Mapping[str, Any]) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        self._out.write(line)


def end_text(origin: str, totals: Totals) -> str:
    """The text that the end of a bundle signs; no checkpoint can read like it."""
    lines = (
        _TITLE,
        origin,
        f"records {totals.records}",
        f"openings {totals.openings}",
        f"sha256 {encode(totals.digest)}",
    )
    return "".join(f"{line}\n" for line in lines)


def positions_bytes(positions: Sequence[Sequence[int]]) -> bytes:
    """The ranges of positions as they go into the digest."""
    return json.dumps(positions, separators=(",", ":")).encode()


def encode(raw: bytes) -> str:
    """Bytes as text."""
    return base64.b64encode(raw).decode()


def decode(text: str) -> bytes:
    """Bytes from text. Raises ValueError."""
    return base64.b64decode(text, validate=True)
