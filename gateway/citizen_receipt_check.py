"""Checks a citizen's receipt with public keys alone: the whole document, or the compact form from its QR code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.bundle_format import decode
from gateway.citizen_receipt_format import (
    TYPE,
    VERSIONS,
    code_hash,
    compact_text,
    document_text,
    from_link,
    is_compact,
    written,
)
from gateway.findings import Finding, Findings, Problem, Subject
from gateway.merkle import leaf_hash, verify_inclusion
from gateway.notes import Checkpoint, InvalidNote, Verifier, open_checkpoint, open_note

LIMIT = 1_000_000
"""Bytes of a receipt; none is near it."""
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError)
_STATED = 32

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SaidReceived:
    """Who received the report, when (UTC) and under which number, as the receipt says."""

    destination: str
    delivered_at: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class ReceiptReport:
    """What the check of a receipt came to. What it says may be believed only when it is `genuine`.

    `standing` is None for the compact form; `more` receipts had no room in that. `open`: destination and state. `names`
    are how people call destinations, as far as the receipt says it.
    """

    origin: str
    made_at: str
    standing: str | None
    code: str
    received: tuple[SaidReceived, ...]
    open: tuple[tuple[str, str], ...]
    more: int
    findings: tuple[Finding, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def called(self, destination: str) -> str:
        """A destination by the name that people know, if the receipt says it."""
        return self.names.get(destination, destination)

    @property
    def genuine(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def is_of(self, tracking_code: str) -> bool:
        """Whether it is the receipt of the report with this code, spelled canonically."""
        return len(self.code) >= _STATED and code_hash(tracking_code).startswith(self.code)


def check_receipt(text: str, trusted: Iterable[Verifier]) -> ReceiptReport:
    """Check a receipt in whichever form it comes: the document, the compact form, or a link that holds that."""
    known, plain = tuple(trusted), text.removeprefix("\ufeff").replace("\r\n", "\n").strip()
    if len(plain) > LIMIT:
        return _nothing("This is too long to be a receipt.")
    if plain.startswith(("http://", "https://")):
        try:
            plain = from_link(plain).strip()
        except ValueError:
            return _nothing("The link holds no receipt, or only a part of one.")
    if is_compact(f"{plain}\n"):
        return _check_compact(f"{plain}\n", known)
    try:
        document = json.loads(plain)
    except (ValueError, RecursionError) as error:
        return _nothing(f"This is no receipt, or it is damaged: {error}.")
    if not isinstance(document, dict) or document.get("type") != TYPE:
        return _nothing("This is no receipt of this kind: its `type` is another.")
    return _DocumentCheck(document, plain, known).report()


def _check_compact(note: str, trusted: tuple[Verifier, ...]) -> ReceiptReport:
    try:
        lines = open_note(note, trusted).splitlines()
        said = [line.split(" ", 3) for line in lines if line.startswith("received ")]
        more = next((int(line.split()[1]) for line in lines if line.startswith("more ")), 0)
        received = tuple(SaidReceived(name, at, None if ref == "-" else ref) for _, at, name, ref in said)
        names = {line.split(" ", 2)[1]: line.split(" ", 2)[2] for line in lines if line.startswith("name ")}
        return ReceiptReport(lines[1], "", None, lines[2].removeprefix("code "), received, (), more, (), names)
    except InvalidNote as error:
        return _nothing(f"The short form is not validly signed: {error}.", Problem.UNSIGNED)
    except _BROKEN as error:
        return _nothing(f"The short form is damaged: {error}.")


def _nothing(sentence: str, problem: Problem = Problem.UNREADABLE) -> ReceiptReport:
    return ReceiptReport("", "", None, "", (), (), 0, (Finding(problem, Subject.RECEIPT, sentence),))


class _DocumentCheck:
    """Reads a whole receipt part by part, and names every part that is wrong."""

    def __init__(self, document: Document, text: str, trusted: tuple[Verifier, ...]) -> None:
        self._document = document
        self._text = text
        self._trusted = trusted
        self._findings = Findings()
        self._checkpoint: Checkpoint | None = None

    def report(self) -> ReceiptReport:
        """What it came to."""
        received: tuple[SaidReceived, ...] = ()
        opened: tuple[tuple[str, str], ...] = ()
        names: dict[str, str] = {}
        parts = (self._check_note, self._check_compact, self._check_checkpoint, self._check_received)
        for part in parts:
            try:
                part()
            except InvalidNote as error:
                self._add(Problem.UNSIGNED, f"{_NAMES[part.__name__]} is not validly signed: {error}.")
            except _BROKEN as error:
                self._add(Problem.ALTERED, f"{_NAMES[part.__name__]} is damaged ({type(error).__name__}: {error}).")
        try:
            received = tuple(
                SaidReceived(str(one["destination"]), str(one["delivered_at"]), one["reference"])
                for one in self._document["received"]
            )
            opened = tuple((str(one["destination"]), str(one["standing"])) for one in self._document["open"])
            names = {str(key): str(name) for key, name in self._document.get("names", {}).items()}
        except _BROKEN as error:
            self._add(Problem.ALTERED, f"What the receipt says cannot be read ({type(error).__name__}: {error}).")
        told = {name: str(self._document.get(name, "")) for name in ("origin", "made_at", "standing", "code_sha256")}
        return ReceiptReport(
            origin=told["origin"],
            made_at=told["made_at"],
            standing=told["standing"],
            code=told["code_sha256"],
            received=received,
            open=opened,
            more=0,
            findings=tuple(self._findings.kept),
            names=names,
        )

    def _check_note(self) -> None:
        if self._document["version"] not in VERSIONS:
            self._add(Problem.ALTERED, f"Version {self._document['version']} of a receipt is not known here.")
        if written(self._document).decode().strip() != self._text:
            self._add(Problem.ALTERED, "The receipt is not written as it was made: something in it was changed.")
        if open_note(self._document["note"], self._trusted) != document_text(self._document):
            self._add(Problem.ALTERED, "The receipt is not what was signed: something in it was changed.")

    def _check_compact(self) -> None:
        if open_note(self._document["compact"], self._trusted) != compact_text(self._document):
            self._add(Problem.ALTERED, "The short form says something else than the receipt.")

    def _check_checkpoint(self) -> None:
        note = self._document["checkpoint"]
        if note is not None:
            self._checkpoint = open_checkpoint(note, self._trusted, self._document["origin"])

    def _check_received(self) -> None:
        for one in self._document["received"]:
            name = str(one["destination"])
            known = [self._proven(name, each) for each in one["records"]]
            if not known:
                self._add(Problem.MISSING, f"The records of {name} are missing from the receipt.", name)
            results = [each for each in known if each is not None and each["record"] == "result"]
            attempts = [each for each in known if each is not None and each["record"] == "attempt"]
            if not self._is_accounted_for(one, attempts, results, withheld=None in known):
                self._add(Problem.UNEXPLAINED, f"The records of {name} do not say what the receipt says of it.", name)

    def _proven(self, name: str, held: Document) -> Document | None:
        """The record, once its place in the log was checked; None for one that is withheld."""
        position, leaf = int(held["position"]), decode(held["leaf"]) if "leaf" in held else b""
        record = held.get("record")
        if record is not None:
            leaf = leaf_hash(record.encode())
        proof, signed = [decode(node) for node in held["proof"]], self._checkpoint
        unproven = signed is None or not verify_inclusion(leaf, position, signed.size, proof, signed.root)
        if unproven and (signed is not None or self._document["checkpoint"] is None):  # else it is named already
            said = f"A record of {name} was altered, or was never at position {position} of the signed log."
            self._add(Problem.ALTERED, said, name, position)
        return None if record is None else json.loads(record)

    def _is_accounted_for(
        self, one: Document, attempts: list[Document], results: list[Document], *, withheld: bool
    ) -> bool:
        ids = {each["id"] for each in attempts}
        stated = (one["handoff_id"], self._document["report_id"], one["destination"])
        whose = {(each["handoff_id"], each["report_id"], each["destination"]) for each in attempts}
        if whose != {stated} or any(each["attempt_id"] not in ids for each in results):
            return False
        if withheld:
            return True
        references = {(each["receipt"] or {}).get("reference") for each in results}
        all_delivered = {each["outcome"] for each in results} == {"delivered"}
        last = max(each["ended_at"] for each in results) if results else None
        return all_delivered and one["reference"] in {*references, None} and one["delivered_at"] == last

    def _add(self, problem: Problem, said: str, destination: str | None = None, position: int | None = None) -> None:
        self._findings.add(Finding(problem, Subject.RECEIPT, said, destination=destination, position=position))


_NAMES = {
    "_check_note": "The receipt",
    "_check_compact": "The short form in the receipt",
    "_check_checkpoint": "The checkpoint in the receipt",
    "_check_received": "The list of who received it",
}
