"""The citizen's receipt: who received one report, when and under which number; signed, without text or identity of it.

A JSON document (`sp4n-gateway receipt`, version 2), always written in the same way, so that every byte of it counts:

    {"type": "sp4n-gateway receipt", "version": 2, "origin": …, "key": <verifier key>, "made_at": …, "standing": …,
     "report_id": …, "code_sha256": <hex>,
     "names": {<destination>: <how people call it>, …},                           of those that have such a name
     "checkpoint": <signed note> or null,                                         what all proofs lead to
     "received": [{"destination": …, "handoff_id": …, "reference": …, "delivered_at": …, "evidence": …,
                   "records": [{"position": 17, "record": <canonical JSON text>, "proof": [<base64>, …]}, …]}, …],
     "open": [{"destination": …, "standing": …}, …],                             who has no provable receipt yet
     "compact": <signed note: the same in a few lines, for a QR code>,
     "note": <signed note over everything above>}

Records, positions, proofs and notes are those of an evidence bundle. In the place of a record that names a member of
the staff stands its `leaf`, the hash that is in the log. `code_sha256` lets whoever holds the tracking code see that
the receipt is theirs, and tells it to nobody else. What the records prove is the `destination`, as the gateway's
configuration calls it; its name beside it is the gateway's word. Version 1 had no `names`; it is still checked.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from gateway.bundle_format import encode
from gateway.notes import Signer, sign

TYPE = "sp4n-gateway receipt"
VERSION = 2
VERSIONS = frozenset({1, 2})
"""Those that are checked."""
COMPACT_LIMIT = 700
"""Bytes of the compact form without its signature: as a link in a QR code it can still be read from paper."""
_DOCUMENT_TITLE = "sp4n-gateway receipt document {}"
_COMPACT_TITLE = "sp4n-gateway receipt {}"


class Standing(StrEnum):
    """How far the receipts of a report are in the signed log."""

    SIGNED = "signed"
    """Everybody who was given the report has received it, and every receipt is in the log."""
    PARTLY_SIGNED = "partly_signed"
    """Some receipts are in the log; `open` tells about the others."""
    NOT_YET_SIGNED = "not_yet_signed"
    """The report was received; no receipt is in the log yet. Ask again in a minute."""
    NOT_RECEIVED = "not_received"
    """Nobody has received it yet."""


@dataclass(frozen=True, slots=True)
class ProvenRecord:
    """A record of the log with its proof. `record` is None where it names somebody; then `leaf` stands for it."""

    position: int
    record: bytes | None
    leaf: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """One destination that received the report. `delivered_at` is UTC, as in the record."""

    destination: str
    handoff_id: str
    reference: str | None
    delivered_at: str
    evidence: str | None
    records: tuple[ProvenRecord, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What a receipt is made of. `checkpoint` is the note that the proofs lead to; `open` are destination and state."""

    report_id: str
    tracking_code: str
    checkpoint: str | None
    received: tuple[Received, ...]
    open: tuple[tuple[str, str], ...]

    @property
    def standing(self) -> Standing:
        """How far it is."""
        if self.received:
            return Standing.PARTLY_SIGNED if self.open else Standing.SIGNED
        unsigned = any(state == Standing.NOT_YET_SIGNED for _, state in self.open)
        return Standing.NOT_YET_SIGNED if unsigned else Standing.NOT_RECEIVED


def receipt_bytes(material: Material, made_at: str, signer: Signer, names: Mapping[str, str] | None = None) -> bytes:
    """The receipt as it is handed out. `names` are those of destinations that people know by another one."""
    document: dict[str, Any] = {
        "type": TYPE,
        "version": VERSION,
        "origin": signer.name,
        "key": str(signer.verifier),
        "made_at": made_at,
        "standing": material.standing.value,
        "report_id": material.report_id,
        "code_sha256": code_hash(material.tracking_code),
        "names": _names_in(material, names or {}),
        "checkpoint": material.checkpoint,
        "received": [_received(one) for one in material.received],
        "open": [{"destination": destination, "standing": state} for destination, state in material.open],
    }
    document["compact"] = sign(compact_text(document), signer)
    document["note"] = sign(document_text(document), signer)
    return written(document)


def written(document: Mapping[str, Any]) -> bytes:
    """The one way in which a receipt is written."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def document_text(document: Mapping[str, Any]) -> str:
    """What the whole receipt's note signs: a hash of everything but the note."""
    digest = sha256(written({name: value for name, value in document.items() if name != "note"})).digest()
    return f"{_DOCUMENT_TITLE.format(document['version'])}\n{document['origin']}\nsha256 {encode(digest)}\n"


def compact_text(document: Mapping[str, Any]) -> str:
    """The same in a few lines: whose log, which report, the log's size and root, who received it, and their names.

    Receipts for which there is no room are counted in a line; a name for which there is none is left out.
    """
    lines = [_COMPACT_TITLE.format(document["version"]), document["origin"], f"code {document['code_sha256'][:32]}"]
    if document["checkpoint"]:
        size, root = document["checkpoint"].split("\n")[1:3]
        lines.append(f"log {size} {root}")
    said = [
        f"received {one['delivered_at']} {one['destination']} {_line(one['reference'] or '-')}"
        for one in document["received"]
    ]
    room = COMPACT_LIMIT - sum(len(line.encode()) + 1 for line in lines)
    fitting = _fitting(said, room)
    left = [f"more {len(said) - len(fitting)}"] if len(fitting) < len(said) else []
    lines += [*fitting, *left]
    told = dict.fromkeys(one["destination"] for one in document["received"][: len(fitting)])
    names = document.get("names", {})
    calls = [f"name {destination} {_line(names[destination])}" for destination in told if destination in names]
    lines += _fitting(calls, COMPACT_LIMIT - sum(len(line.encode()) + 1 for line in lines))
    return "".join(f"{line}\n" for line in lines)


def is_compact(text: str) -> bool:
    """Whether the text begins as the compact form does."""
    return any(text.startswith(f"{_COMPACT_TITLE.format(version)}\n") for version in VERSIONS)


def code_hash(tracking_code: str) -> str:
    """The hash that stands for the tracking code."""
    return sha256(f"sp4n-gateway tracking code\n{tracking_code}\n".encode()).hexdigest()


def to_link(address: str, compact: str) -> str:
    """The compact form behind the address of a page. Browsers keep what stands after `#` to themselves."""
    return f"{address}#{base64.urlsafe_b64encode(compact.encode()).decode().rstrip('=')}"


def from_link(link: str) -> str:
    """The compact form in such a link. Raises ValueError."""
    fragment = link.partition("#")[2].strip()
    return base64.b64decode(fragment + "=" * (-len(fragment) % 4), altchars=b"-_", validate=True).decode()


def _names_in(material: Material, names: Mapping[str, str]) -> dict[str, str]:
    said = (*(one.destination for one in material.received), *(destination for destination, _ in material.open))
    return {one: names[one] for one in dict.fromkeys(said) if one in names}


def _received(one: Received) -> dict[str, Any]:
    return {
        "destination": one.destination,
        "handoff_id": one.handoff_id,
        "reference": one.reference,
        "delivered_at": one.delivered_at,
        "evidence": one.evidence,
        "records": [_record(each) for each in one.records],
    }


def _record(one: ProvenRecord) -> dict[str, Any]:
    held = {"leaf": encode(one.leaf)} if one.record is None else {"record": one.record.decode()}
    return {"position": one.position, **held, "proof": [encode(node) for node in one.proof]}


def _line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    kept: list[str] = []
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return kept
