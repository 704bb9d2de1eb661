"""What screening and routing decide, with their reasons."""

from __future__ import annotations

from enum import StrEnum

from schemas.base import Json, Schema


class VerdictKind(StrEnum):
    """What becomes of a message."""

    ACCEPT = "accept"
    """It is a report: route it."""
    ASK = "ask"
    """Something essential is missing: wait for the reporter, then look again."""
    HOLD = "hold"
    """Probably no report: a person decides."""
    DUPLICATE = "duplicate"
    """The same event was reported before: linked, never dropped."""


NOTHING_SAID = frozenset({"empty", "photo_alone", "place_alone", "greeting_only", "announcement_only"})
"""Findings of messages that hold nothing to pass on: they wait for their reporter, not for the clock."""


class Finding(Schema):
    """One check that fired: its name, how much it weighs (0 to 1) and what it saw, in words without identity."""

    check: str
    score: float
    reason: str


class Verdict(Schema):
    """The decision of screening, with every finding that led to it."""

    kind: VerdictKind
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()


class RuleMatch(Schema):
    """One routing rule that fired and what it saw."""

    rule: str
    line: int | None = None
    saw: dict[str, Json] = {}


class RouteDecision(Schema):
    """Where a report goes: `targets` maps each destination to the parameters of its handoff (an institution, say)."""

    targets: dict[str, dict[str, Json]]
    matches: tuple[RuleMatch, ...] = ()
    rules_version: str
