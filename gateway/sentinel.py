"""Watches the shape of one destination's replies, and says when it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from adapters.contract import Reply
from gateway.conduct import Drift
from gateway.shape import Learned, Skeleton, difference, learn, merged, skeleton_of
from schemas.handoff import Outcome, OutcomeKind

_ENOUGH = 10
"""So many times the samples that are needed: after that only what is new is learned."""


@dataclass(slots=True)
class _Step:
    """What is known of one step: in the ledger, and since that was asked last. `odd` counts changed replies in a row;
    `variants` are those of them that delivered.
    """

    epoch: int = 0
    known: Learned | None = None
    fresh: Learned | None = None
    odd: int = 0
    variants: list[Skeleton] = field(default_factory=list)

    @property
    def learned(self) -> Learned | None:
        return merged(self.known, self.fresh) if self.fresh else self.known


class Sentinel:
    """What one worker knows. Refused and deferred replies are not looked at: they have shapes of their own."""

    def __init__(self, drift: Drift) -> None:
        self._drift = drift
        self._steps: dict[str, _Step] = {}

    def see(self, step: str, reply: Reply, outcome: Outcome) -> str | None:
        """Look at a reply. What changed, in words, when that is sure: so many replies in a row are not as they were.

        Changed replies among unchanged ones are another way to say the same: they are learned, if they delivered.
        """
        if reply.fault is not None or reply.truncated or not 200 <= reply.status < 300:
            return None
        if outcome.kind in (OutcomeKind.REFUSED, OutcomeKind.DEFERRED):
            return None
        its = self._steps.setdefault(step, _Step())
        skeleton = skeleton_of(reply.headers.get("content-type", ""), reply.body)
        delivered = [skeleton] if outcome.kind is OutcomeKind.DELIVERED else []
        learned = its.learned
        changed = difference(learned, skeleton) if learned and learned.samples >= self._drift.samples else None
        if changed is not None:
            its.variants += delivered
            its.odd += 1
            return self._sure(its, changed)
        for one in (*its.variants, *delivered):
            self._learn(its, one)
        _calm(its)
        return None

    def take_fresh(self) -> Mapping[str, tuple[int, Learned]]:
        """What was learned since this was asked last, by step, with the epoch that it belongs to: for the ledger."""
        taken = {}
        for name, its in self._steps.items():
            if its.fresh is not None:
                taken[name] = (its.epoch, its.fresh)
                its.known, its.fresh = its.learned, None
        return taken

    def recall(self, step: str, epoch: int, known: Learned | None) -> None:
        """What the ledger knows now, in which what was taken is contained; in another epoch all before is forgotten."""
        its = self._steps.setdefault(step, _Step())
        if its.epoch != epoch:
            its.fresh = None
            _calm(its)
        its.epoch, its.known = epoch, known

    def _sure(self, its: _Step, changed: str) -> str | None:
        if its.odd < self._drift.replies:
            return None
        _calm(its)
        return changed

    def _learn(self, its: _Step, skeleton: Skeleton) -> None:
        learned = its.learned
        after = learn(learned, skeleton)
        is_news = learned is None or replace(after, samples=learned.samples) != learned
        if is_news or after.samples <= self._drift.samples * _ENOUGH:
            its.fresh = learn(its.fresh, skeleton)


def _calm(its: _Step) -> None:
    its.odd, its.variants = 0, []
