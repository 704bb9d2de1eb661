"""Whether a message is a report: every finding weighed, and when in doubt it is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from gateway.screen.checks import CHECKS, Check, Effect
from gateway.screen.past import Past
from gateway.screen.reading import read
from gateway.text import Text
from schemas.report import Message, Report
from schemas.screening import Finding, Verdict, VerdictKind

__all__ = [
    "CHECKS",
    "THRESHOLDS",
    "Past",
    "ScreenContext",
    "Thresholds",
    "explain",
    "is_doubted",
    "names_emergency",
    "screen",
]

_EFFECTS = {check.name: check.effect for check in CHECKS}

EMERGENCY = "emergency"
"""The check that names an emergency."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which sum on a report is held, or its reporter asked. What speaks for a report is taken off both sums.

    The others but `plain` are likelihoods of being no report: from `doubtful` on its reporter is asked whatever the
    sums are; below `agreed` sums do not ask, below `held` they do not hold; from `certain` on any sign that holds
    is enough, from `denied` on an emergency is one by its words only, where signs speak against it as well. Where
    `plain` and more speaks for a report, that is heard whatever was learned.
    """

    hold: float = 0.6
    ask: float = 0.5
    doubtful: float = 0.4
    agreed: float = 0.25
    held: float = 0.7
    certain: float = 0.97
    denied: float = 0.9
    plain: float = 0.75


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class ScreenContext:
    """What screening must know that the report does not say.

    `title_written`: the reporter wrote the title; otherwise it was made from the content and says nothing of its own.
    `past` is what is known of its sender; None for somebody unknown, or before it was looked up.
    """

    title_written: bool = False
    past: Past | None = None
    thresholds: Thresholds = THRESHOLDS
    checks: tuple[Check, ...] = CHECKS


def screen(report: Report, message: Message, *, context: ScreenContext, text: Text | None = None) -> Verdict:
    """The verdict on a report whose last message is `message`: accept, ask or hold, with every finding.

    The report holds all its messages so far (`gateway.joining`); `text` is its own, where it was cut before. Never
    duplicate: that is decided elsewhere.
    """
    reading = read(report, message, title_written=context.title_written, text=text, past=context.past)
    fired: list[tuple[Check, Finding]] = []
    for check in context.checks:
        sight = check.look(reading)
        if sight is not None:
            fired.append((check, _found(check.name, sight.score, sight.reason)))
    kind = _weigh(fired, context.thresholds)
    asked = [name for check, _ in fired for name in check.missing] or ["content"]
    missing = asked if kind is VerdictKind.ASK else []
    findings = tuple(finding for _, finding in fired)
    return Verdict(kind=kind, findings=findings, missing=tuple(dict.fromkeys(missing)))


@lru_cache(maxsize=1024)
def _found(check: str, score: float, reason: str) -> Finding:
    """The finding: reasons are few, and never quote the report."""
    return Finding(check=check, score=score, reason=reason)


def names_emergency(verdict: Verdict) -> bool:
    """Whether life or limb is in danger, by what the report says: it goes first, its reporter is told whom to call."""
    return any(finding.check == EMERGENCY for finding in verdict.findings)


def is_doubted(verdict: Verdict, thresholds: Thresholds = THRESHOLDS) -> bool:
    """Whether it reads so little like a report that its sender's past could change the verdict."""
    return any(
        _EFFECTS.get(finding.check) is Effect.JUDGE and finding.score >= thresholds.agreed
        for finding in verdict.findings
    )


def explain(verdict: Verdict, checks: Iterable[Check] = CHECKS) -> tuple[str, ...]:
    """The verdict in lines for people: each finding with what it does and weighs."""
    effects = {check.name: check.effect.value for check in checks}
    lines = [
        f"{finding.check}: {finding.reason} ({effects.get(finding.check, 'unknown')}, {finding.score:g})"
        for finding in verdict.findings
    ]
    missing = [f"missing: {', '.join(verdict.missing)}"] if verdict.missing else []
    return (f"verdict: {verdict.kind.value}", *lines, *missing)


def _weigh(fired: Iterable[tuple[Check, Finding]], thresholds: Thresholds) -> VerdictKind:
    sums = dict.fromkeys(Effect, 0.0)
    likely: float | None = None
    for check, finding in fired:
        sums[check.effect] += finding.score
        if check.effect is Effect.JUDGE:
            likely = finding.score
    if sums[Effect.CLEAR]:
        return _cleared(likely, sums, thresholds)
    kind = _by_sums(sums, thresholds)
    if likely is None:
        return kind
    judged = _judged(kind, likely, sums, thresholds)
    return _beside(judged, likely, sums, thresholds) if sums[Effect.BESIDE] else judged


def _beside(kind: VerdictKind, likely: float, sums: Mapping[Effect, float], thresholds: Thresholds) -> VerdictKind:
    """The verdict with the sender's past beside it: asked may become held, accepted at most asked.

    A report that reads like one, or has a photo or a place, is judged by itself whoever sent it.
    """
    if likely < thresholds.agreed or not (sums[Effect.ASK] or sums[Effect.HOLD]):
        return kind
    harder = {**sums, Effect.HOLD: sums[Effect.HOLD] + sums[Effect.BESIDE]}
    judged = _judged(_by_sums(harder, thresholds), likely, harder, thresholds)
    return VerdictKind.ASK if (kind, judged) == (VerdictKind.ACCEPT, VerdictKind.HOLD) else judged


def _cleared(likely: float | None, sums: Mapping[Effect, float], thresholds: Thresholds) -> VerdictKind:
    """What names an emergency goes on. Its reporter is asked only where many signs and what was learned are certain.

    `Promo pemadam kebakaran` and a burning heart are no emergencies; they are never held all the same, lest one were.
    """
    signs = round(sums[Effect.HOLD] + sums[Effect.ASK] - sums[Effect.KEEP], 6)
    certain = likely is not None and likely >= thresholds.denied and sums[Effect.HOLD] > 0
    doubted = certain and signs >= thresholds.hold
    return VerdictKind.ASK if doubted else VerdictKind.ACCEPT


def _by_sums(sums: Mapping[Effect, float], thresholds: Thresholds) -> VerdictKind:
    if round(sums[Effect.HOLD] - sums[Effect.KEEP], 6) >= thresholds.hold:
        return VerdictKind.HOLD
    doubt = sums[Effect.ASK] + sums[Effect.HOLD]  # too little to hold may be enough to ask
    return VerdictKind.ASK if round(doubt - sums[Effect.KEEP], 6) >= thresholds.ask else VerdictKind.ACCEPT


def _judged(kind: VerdictKind, likely: float, sums: Mapping[Effect, float], thresholds: Thresholds) -> VerdictKind:
    """What the sums say, and what was learned: both must agree before a report is held."""
    signs = sums[Effect.HOLD] > sums[Effect.KEEP]
    if likely >= thresholds.held and (kind is VerdictKind.HOLD or (signs and likely >= thresholds.certain)):
        return VerdictKind.HOLD
    if kind is VerdictKind.ACCEPT:
        doubted = likely >= thresholds.doubtful and sums[Effect.KEEP] < thresholds.plain
    else:
        doubted = likely >= thresholds.agreed
    return VerdictKind.ASK if doubted else VerdictKind.ACCEPT
