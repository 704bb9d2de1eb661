"""How good screening and classification are on labelled messages, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.classify import Suggestion, classify
from gateway.cli.labelled import GENUINE, JUNK, Labelled
from gateway.screen import ScreenContext, screen
from gateway.titles import UNTITLED
from schemas.base import Json
from schemas.report import Message, Report
from schemas.screening import VerdictKind

BINS = 10
PAIRS = 10
_THEN = datetime(2000, 1, 1, tzinfo=UTC)  # no verdict depends on the time


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled message with what the gateway made of it."""

    row: Labelled
    verdict: VerdictKind
    suggestion: Suggestion

    @property
    def is_right(self) -> bool:
        """Whether the likeliest parent category is the real one."""
        return self.suggestion.category.parent == self.row.parent


def judged(row: Labelled) -> Judged:
    """What screening and classification make of a message."""
    report = Report(title=row.title or UNTITLED, content=row.text)
    message = Message(sequence=0, received_at=_THEN, text=row.text)
    verdict = screen(report, message, context=ScreenContext(title_written=row.title is not None))
    return Judged(row, verdict.kind, classify(report))


def measures(rows: Sequence[Judged]) -> dict[str, Json]:
    """All figures; those that no row of the file allows are left out."""
    found: dict[str, Json] = {"messages": len(rows)}
    genuine = [one.verdict for one in rows if one.row.label == GENUINE]
    junk = [one.verdict for one in rows if one.row.label == JUNK]
    if genuine:
        held, asked = (_share(genuine.count(kind), genuine) for kind in (VerdictKind.HOLD, VerdictKind.ASK))
        found["genuine"] = {"messages": len(genuine), "held": held, "asked": asked}
    if junk:
        held, asked = (_share(junk.count(kind), junk) for kind in (VerdictKind.HOLD, VerdictKind.ASK))
        found["junk"] = {"messages": len(junk), "stopped": round(held + asked, 4), "held": held, "asked": asked}
    filed = [one for one in rows if one.row.parent is not None]
    if filed:
        found["categories"] = _categories(filed)
        found["calibration"] = _calibration(filed)
        found["confusion"] = _confusion(filed)
    return found


def _categories(filed: Sequence[Judged]) -> dict[str, Json]:
    alone = [one for one in filed if one.suggestion.decides]
    among = [
        one.row.parent in (one.suggestion.category.parent, *(other.parent for other in one.suggestion.alternatives[:2]))
        for one in filed
    ]
    return {
        "messages": len(filed),
        "top_1": _share(sum(one.is_right for one in filed), filed),
        "top_3": _share(sum(among), filed),
        "decides_alone": _share(len(alone), filed),
        "right_where_it_decides": _share(sum(one.is_right for one in alone), alone) if alone else None,
    }


def _calibration(filed: Sequence[Judged]) -> dict[str, Json]:
    """Bins of equal width by probability, and the expected calibration error (Guo et al. 2017, section 2)."""
    bins: list[list[Judged]] = [[] for _ in range(BINS)]
    for one in filed:
        bins[min(int(one.suggestion.category.probability * BINS), BINS - 1)].append(one)
    rows, error = [], 0.0
    for number, members in enumerate(bins):
        if not members:
            continue
        sure = sum(one.suggestion.category.probability for one in members) / len(members)
        right = sum(one.is_right for one in members) / len(members)
        error += abs(sure - right) * len(members) / len(filed)
        rows.append(
            {"from": number / BINS, "messages": len(members), "probability": round(sure, 3), "right": round(right, 3)}
        )
    return {"expected_error": round(error, 4), "bins": rows}


def _confusion(filed: Sequence[Judged]) -> list[Json]:
    pairs = Counter((one.row.parent, one.suggestion.category.parent) for one in filed if not one.is_right)
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [{"real": real, "suggested": said, "messages": number} for (real, said), number in ranked[:PAIRS]]


def _share(part: int, whole: Sequence[object]) -> float:
    return round(part / len(whole), 4)
