"""Checks an evidence bundle line by line and says what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from gateway.bundle_format import VERSION, Totals, decode, end_text, positions_bytes
from gateway.commitments import opens
from gateway.findings import Finding, Findings, Problem, Subject, named
from gateway.merkle import leaf_hash, verify_consistency, verify_inclusion
from gateway.notes import Checkpoint, InvalidNote, Verifier, open_checkpoint, open_note
from gateway.numbers import Numbers

Line = dict[str, Any]
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What the verification of a bundle came to. `checkpoint` is None when none is validly signed.

    `selection` is what the bundle says it holds; `earlier` are the sizes of older checkpoints that the log continues.
    """

    checkpoint: Checkpoint | None
    made_at: str
    selection: Line
    attempts: int
    results: int
    openings: int
    earlier: tuple[int, ...]
    found: int
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.found == 0


class BundleCheck:
    """Reads a bundle line by line."""

    def __init__(self, trusted: tuple[Verifier, ...]) -> None:
        self._trusted = trusted
        self._findings = Findings()
        self._head: Line = {}
        self._checkpoint: Checkpoint | None = None
        self._earlier: dict[int, bytes] = {}
        self._attempts: dict[UUID, tuple[UUID, str]] = {}
        self._commitments: dict[tuple[UUID, str], list[bytes]] = {}
        self._positions = Numbers()
        self._last = -1
        self._records = 0
        self._results = 0
        self._openings = 0
        self._ended = False

    def read(self, lines: Iterable[bytes]) -> None:
        """Check every line in order."""
        handlers: dict[str, Callable[[Line], None]] = {
            "earlier": self._check_earlier,
            "record": self._check_record,
            "opening": self._check_opening,
        }
        digest = sha256()
        for number, raw in enumerate(lines, start=1):
            line = _parsed(raw)
            kind = line.get("type") if line else None
            if kind == "end" and line and not self._ended:
                self._ended = True
                self._check_end(line, digest)
                continue
            digest.update(raw)
            handler = self._begin if number == 1 and kind == "bundle" else handlers.get(str(kind))
            if handler is None or line is None or self._ended:
                self._add(Problem.ALTERED, Subject.BUNDLE, f"Line {number} of the bundle does not belong there.")
                continue
            try:
                handler(line)
            except _BROKEN as error:
                self._add(Problem.ALTERED, Subject.BUNDLE, f"Line {number} of the bundle is damaged ({error}).")
        if not self._ended:
            self._add(Problem.MISSING, Subject.BUNDLE, "The end of the bundle is missing: it was cut off.")

    def compare(self, note: str) -> None:
        """Compare with a checkpoint that was kept elsewhere."""
        try:
            kept = open_checkpoint(note, self._trusted)
        except InvalidNote as error:
            self._add(
                Problem.UNSIGNED, Subject.CHECKPOINT, f"The checkpoint kept elsewhere is not this log's: {error}."
            )
            return
        known = self._earlier.get(kept.size)
        if self._checkpoint is None or self._checkpoint.origin != kept.origin or known != kept.root:
            said = (
                f"The bundle does not show that its log continues the checkpoint kept elsewhere ({kept.size} records)."
            )
            self._add(Problem.UNEXPLAINED, Subject.CHECKPOINT, said)

    def report(self) -> BundleReport:
        """What it came to."""
        return BundleReport(
            checkpoint=self._checkpoint,
            made_at=str(self._head.get("made_at", "")),
            selection=self._head.get("selection", {}),
            attempts=len(self._attempts),
            results=self._results,
            openings=self._openings,
            earlier=tuple(sorted(self._earlier)),
            found=self._findings.total,
            findings=tuple(self._findings.kept),
        )

    # ------------------------------------------------------------------------------------------------------------ lines

    def _begin(self, line: Line) -> None:
        self._head = line
        if line["version"] != VERSION:
            self._add(Problem.ALTERED, Subject.BUNDLE, f"Version {line['version']} of the bundle is not known here.")
        try:
            self._checkpoint = open_checkpoint(line["checkpoint"], self._trusted)
            self._earlier[self._checkpoint.size] = self._checkpoint.root
        except InvalidNote as error:
            self._add(Problem.UNSIGNED, Subject.CHECKPOINT, f"The bundle's checkpoint is not validly signed: {error}.")

    def _check_earlier(self, line: Line) -> None:
        try:
            older = open_checkpoint(line["checkpoint"], self._trusted)
        except InvalidNote as error:
            self._add(Problem.UNSIGNED, Subject.CHECKPOINT, f"An earlier checkpoint is not validly signed: {error}.")
            return
        newer, proof = self._checkpoint, [decode(node) for node in line["proof"]]
        if newer is None:
            return
        if newer.origin != older.origin or not verify_consistency(
            older.size, older.root, newer.size, newer.root, proof
        ):
            said = f"The log does not continue its earlier checkpoint for {older.size} records."
            self._add(Problem.ALTERED, Subject.CHECKPOINT, said, older.size)
            return
        self._earlier[older.size] = older.root

    def _check_record(self, line: Line) -> None:
        position, record = int(line["position"]), str(line["record"]).encode()
        subject, attempt_id, source = self._learn(json.loads(record))
        report_id, destination = self._attempts.get(attempt_id, (None, None))
        whose = named(subject, attempt_id, report_id, destination, source)

        def tell(problem: Problem, said: str) -> None:
            finding = Finding(problem, subject, f"{whose} {said}.", attempt_id, report_id, destination, position)
            self._findings.add(finding)

        if report_id is None:
            tell(Problem.UNEXPLAINED, "is a result without its attempt, which is missing from the bundle")
        if position <= self._last:
            tell(Problem.MOVED, f"is out of order: position {position} comes after {self._last}")
        self._last = max(position, self._last)
        self._records += 1
        self._positions.add(position)
        proof, signed = [decode(node) for node in line["proof"]], self._checkpoint
        if signed and not verify_inclusion(leaf_hash(record), position, signed.size, proof, signed.root):
            tell(
                Problem.ALTERED,
                f"was altered, or was never at position {position} of the log that the checkpoint signs",
            )

    def _learn(self, record: Line) -> tuple[Subject, UUID, str]:
        """Remember what later lines refer to. Returns what record it is."""
        if record["record"] == "attempt":
            attempt_id = UUID(record["id"])
            self._attempts[attempt_id] = (UUID(record["report_id"]), str(record["destination"]))
            self._commit(attempt_id, "request", record["request"])
            return Subject.ATTEMPT, attempt_id, ""
        attempt_id = UUID(record["attempt_id"])
        self._results += 1
        self._commit(attempt_id, "response", record["response"])
        return Subject.RESULT, attempt_id, str(record["source"])

    def _commit(self, attempt_id: UUID, part: str, commitment: str | None) -> None:
        report = self._head.get("selection", {}).get("report_id")
        if report and commitment:  # only a bundle of one report can hold openings
            self._commitments.setdefault((attempt_id, part), []).append(bytes.fromhex(commitment))

    def _check_opening(self, line: Line) -> None:
        self._openings += 1
        attempt_id, part = UUID(line["attempt_id"]), str(line["part"])
        salt, body = bytes.fromhex(line["salt"]), decode(line["body"])
        commitments = self._commitments.get((attempt_id, part), [])
        if not any(opens(commitment, salt, body) for commitment in commitments):
            report_id, destination = self._attempts.get(attempt_id, (None, None))
            said = f"The {part} shown for attempt {attempt_id} is not the one that was recorded."
            self._findings.add(Finding(Problem.ALTERED, Subject.OPENING, said, attempt_id, report_id, destination))

    def _check_end(self, line: Line, digest: Any) -> None:
        try:
            positions: list[list[int]] = [[int(first), int(last)] for first, last in line["positions"]]
            digest.update(positions_bytes(positions))
            text = open_note(str(line["note"]), self._trusted)
        except InvalidNote as error:
            self._add(Problem.UNSIGNED, Subject.BUNDLE, f"The end of the bundle is not validly signed: {error}.")
            return
        except _BROKEN as error:
            self._add(Problem.ALTERED, Subject.BUNDLE, f"The end of the bundle is damaged ({error}).")
            return
        self._check_listed(positions)
        origin = self._checkpoint.origin if self._checkpoint else ""
        totals = Totals(self._records, self._openings, digest.digest())
        if self._checkpoint and text != end_text(origin, totals):
            self._add(
                Problem.ALTERED, Subject.BUNDLE, "The bundle is not what was signed: something in it was changed."
            )

    def _check_listed(self, positions: list[list[int]]) -> None:
        there, listed = self._positions, 0
        for first, last in positions:
            listed += last - first + 1
            for position in _missing(first, last, there):
                said = f"The record at position {position} of the log was removed from the bundle."
                self._add(Problem.MISSING, Subject.BUNDLE, said, position)
        if listed < len(there):
            said = f"The bundle holds {len(there) - listed} records more than it lists."
            self._add(Problem.ADDED, Subject.BUNDLE, said)

    def _add(self, problem: Problem, subject: Subject, sentence: str, position: int | None = None) -> None:
        self._findings.add(Finding(problem, subject, sentence, position=position))


def _missing(first: int, last: int, there: Numbers) -> Iterator[int]:
    """Positions of a range that are not there. A range that a forger made enormous stops at what can be meant."""
    most = last if last - first <= 4 * len(there) + 1000 else first + 4 * len(there) + 1000
    return (position for position in range(first, most + 1) if position not in there)


def _parsed(raw: bytes) -> Line | None:
    try:
        line = json.loads(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None
