"""The conditions of rules, one row each: what a condition asks of a report, and what it saw when it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gateway.categories import load_categories
from gateway.route.facts import Facts, without_type
from gateway.route.rules import When
from schemas.base import Json

Look = Callable[[When, Facts], Json]
"""What was seen, in the rule's own words, or None when the condition does not hold. Never report text."""


def _classification(when: When, facts: Facts) -> Json:
    found = facts.report.classification
    return found.value if found in when.classifications else None


def _category(when: When, facts: Facts) -> Json:
    found = facts.report.category_id
    if found not in when.categories:
        return None
    known = load_categories().by_id.get(found)
    return {"id": found, "name": known.name, "parent": known.parent} if known else {"id": found}


def _province(when: When, facts: Facts) -> Json:
    return facts.province if facts.province in when.provinces else None


def _regency(when: When, facts: Facts) -> Json:
    return next((name for name in (facts.regency, without_type(facts.regency)) if name in when.regencies), None)


def _region(when: When, facts: Facts) -> Json:
    return max((code for code in when.regions if facts.region.startswith(code)), key=len, default=None)


def _channel(when: When, facts: Facts) -> Json:
    return facts.channel if facts.channel in when.channels else None


def _agency(when: When, facts: Facts) -> Json:
    for place, found in (("agency field", facts.named), ("text", facts.mentioned)):
        for name in sorted(when.agencies & found.keys()):
            return {"agency": name, "named_as": found[name], "in": place}
    return None


def _keywords(when: When, facts: Facts) -> Json:
    return sorted(when.keywords & facts.keywords) or None


def _flag(name: str) -> Look:
    def look(when: When, facts: Facts) -> Json:
        wanted = getattr(when, name)
        return wanted if getattr(facts.report, name) is wanted else None

    return look


CONDITIONS: dict[str, Look] = {
    "classifications": _classification,
    "categories": _category,
    "provinces": _province,
    "regencies": _regency,
    "regions": _region,
    "channels": _channel,
    "agencies": _agency,
    "keywords": _keywords,
    "is_secret": _flag("is_secret"),
    "is_anonymous": _flag("is_anonymous"),
    "is_priority": _flag("is_priority"),
}
"""Named as the fields of When."""


def seen(when: When, asked: Sequence[str], facts: Facts) -> dict[str, Json] | None:
    """What each condition that is asked saw, when all hold; else None. A rule that asks nothing holds."""
    saw: dict[str, Json] = {}
    for name in asked:
        sight = CONDITIONS[name](when, facts)
        if sight is None:
            return None
        saw[name] = sight
    return saw
