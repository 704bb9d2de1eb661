"""Verification of the journal against the ledger: names whatever was altered, removed, added, moved or is unexplained.

It reads through a `Journal` in pieces, so a log of millions is verified in little memory. What it proves: every row
gives the leaf that was logged at its place, the leaves give the root of every checkpoint, every checkpoint is signed,
and recorded results account for every delivery. A tail that was cut off together with its checkpoints leaves no trace
inside: against that, compare with a checkpoint that was kept elsewhere (`against`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.evidence_handoffs import check_handoffs
from gateway.evidence_log import LogWalk
from gateway.evidence_rows import RowCheck
from gateway.findings import Finding, Findings
from gateway.notes import Verifier
from gateway.stored import Journal


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification came to. `waiting` records are not in the log yet; `found` counts all findings.

    `root` is None when the tree could not be computed to its end.
    """

    origin: str
    size: int
    root: bytes | None
    attempts: int
    results: int
    batches: int
    checkpoints: int
    handoffs: int
    waiting: int
    found: int
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.found == 0


def verify(journal: Journal, trusted: Sequence[Verifier], origin: str, against: Sequence[str] = ()) -> Verification:
    """Verify everything. `trusted`: every key that ever signed the journal; `against`: checkpoints kept elsewhere."""
    findings = Findings()
    rows = RowCheck(journal, findings)
    walk = LogWalk(journal, tuple(trusted), origin, findings)
    walk.expect(against)
    for batch in journal.batches():
        rows.check(walk.take(batch))
    walk.finish()
    rows.finish(walk.head)
    handoffs = check_handoffs(journal, findings)
    return Verification(
        origin=origin,
        size=walk.position,
        root=walk.tree.root() if walk.tree else None,
        attempts=rows.attempts,
        results=rows.results,
        batches=walk.batches,
        checkpoints=walk.checkpoints,
        handoffs=handoffs,
        waiting=rows.waiting,
        found=findings.total,
        findings=tuple(findings.kept),
    )
