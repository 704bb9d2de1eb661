"""The counterfactual of a decision: the smallest change to a report that would have sent it elsewhere. Pure.

By a rule that nearly held, or by the directory: had the report named another agency, or been of its category.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from gateway.categories import load_categories
from gateway.route import DIRECTORY, route
from gateway.route.conditions import CONDITIONS
from gateway.route.facts import Facts, facts_of
from gateway.route.rules import Rule, Rules, When
from schemas.report import Report
from schemas.screening import RouteDecision

MOST = 3
"""So many rules are told, those first that lack least; and so many agencies, those first that the text names."""
_VALUES = 4


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A rule that nearly held: what each condition that failed asks, and where the report would have gone."""

    rule: str
    line: int | None
    lacking: tuple[str, ...]
    gains: tuple[str, ...]
    loses: tuple[str, ...]


def otherwise(report: Report, channel: str, rules: Rules, decision: RouteDecision) -> tuple[Otherwise, ...]:
    """The rules that lack least to send the report elsewhere than the decision does, the nearest first."""
    facts = facts_of(report, channel, rules)
    reached = set(decision.targets)
    near = []
    for rule, asked in zip(rules.rules, rules.asked, strict=True):
        lacking = tuple(_told(rule.when, name) for name in asked if CONDITIONS[name](rule.when, facts) is None)
        gains, loses = _change(rule, reached)
        if lacking and (gains or loses) and _reachable(rule, rules, facts):
            near.append(Otherwise(rule.name, rule.line, lacking, gains, loses))
    nearest = sorted(near, key=lambda one: len(one.lacking))[:MOST]
    return (*nearest, *_through_directory(report, channel, rules, decision, facts))


def told(found: Iterable[Otherwise]) -> tuple[str, ...]:
    """Each in a line for people."""
    lines = []
    for one in found:
        place = f", line {one.line}" if one.line is not None else ""
        moves = [f"it would go to {', '.join(one.gains)}"] if one.gains else []
        moves += [f"no longer to {', '.join(one.loses)}"] if one.loses else []
        lines.append(f"if {' and '.join(one.lacking)}: {', '.join(moves)} ({one.rule}{place})")
    return tuple(lines)


def _through_directory(
    report: Report, channel: str, rules: Rules, decision: RouteDecision, facts: Facts
) -> tuple[Otherwise, ...]:
    """What another agency in the report's own field, or a category of its business, would have changed: tried out."""
    served = [agency for agency in rules.directory if agency.destination not in (None, *decision.targets)]
    found = []
    for agency in sorted(served, key=lambda one: one.name not in facts.mentioned):
        lacking = f"it were addressed to {agency.name}"
        if agency.name in facts.mentioned:
            lacking += f", which its text names as {facts.mentioned[agency.name]}"
        found.append(_tried(report.model_copy(update={"agency": agency.name}), channel, rules, decision, lacking))
        parents = sorted(agency.parents)
        ids = sorted(load_categories().ids_under(parents[0])) if parents else []
        if ids and not facts.named:
            filed = report.model_copy(update={"category_id": ids[0]})
            lacking = f"categories were one of: {', '.join(parents)}"
            found.append(_tried(filed, channel, rules, decision, lacking))
    return tuple(one for one in found if one is not None)[:MOST]


def _tried(report: Report, channel: str, rules: Rules, decision: RouteDecision, lacking: str) -> Otherwise | None:
    before, after = decision.targets, route(report, channel, rules).targets
    gains = tuple(name for name in after if name not in before)
    loses = tuple(name for name in before if name not in after)
    return Otherwise(DIRECTORY, None, (lacking,), gains, loses) if gains else None


def _change(rule: Rule, reached: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    to = (*rule.to, *rule.copies)
    gains = tuple(name for name in to if name not in reached)
    loses = tuple(sorted(reached - set(to))) if rule.only else ()
    return gains, loses


def _reachable(rule: Rule, rules: Rules, facts: Facts) -> bool:
    """Whether no earlier rule decides alone already: then only that rule's own conditions would have to change."""
    before = takewhile(lambda pair: pair[0] is not rule, zip(rules.rules, rules.asked, strict=True))
    return not any(
        other.only and all(CONDITIONS[name](other.when, facts) is not None for name in asked) for other, asked in before
    )


def _told(when: When, name: str) -> str:
    value = getattr(when, name)
    if isinstance(value, bool):
        return f"{name} were {str(value).lower()}"
    if name == "categories":
        known = load_categories().by_id
        values = sorted({known[one].parent if one in known else str(one) for one in value})
    else:
        values = sorted(getattr(one, "value", str(one)) for one in value)
    shown = ", ".join(values[:_VALUES]) + (f" or {len(values) - _VALUES} more" if len(values) > _VALUES else "")
    return f"{name} were one of: {shown}" if name != "keywords" else f"it spoke of: {shown}"
