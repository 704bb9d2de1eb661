"""Where a report goes, and which rule says so. Pure: the same report and rules give the same decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.route.conditions import seen
from gateway.route.facts import Facts, agency_for, facts_of
from gateway.route.rules import Agency, Rule, Rules, When
from gateway.route.secrecy import SECRECY, alone_with_its_subject, confined, guarded
from gateway.text import Text
from schemas.base import Json
from schemas.report import Report
from schemas.screening import RouteDecision, RuleMatch

__all__ = ["COPY", "DEFAULT", "DIRECTORY", "INSTITUTION", "Agency", "Rule", "Rules", "When", "explain", "route"]

DEFAULT = "default"
"""The name under which the default destinations explain themselves."""
DIRECTORY = "directory"
"""The name under which the directory of agencies explains itself."""
INSTITUTION = "institution"
"""The parameter that tells a default destination which institution the report is for, at LAPOR!'s numbering."""
COPY = "copy"
"""The parameter that tells a destination that it gets the report for its information only."""

Targets = dict[str, dict[str, Json]]


def route(report: Report, channel: str, rules: Rules, text: Text | None = None) -> RouteDecision:
    """The destinations of a report that came through a channel, each with its parameters.

    `text` is the report's, where it was cut before.

    Every rule whose conditions hold sends the report on; the agency that it names, or that its category belongs to,
    gets it as well; the default destinations always do. Where two set the same parameter, the earlier rule wins, and
    rules win over the directory. The first rule with `only` that holds decides alone. A report about an agency never
    goes to that agency alone; a whistleblower's goes to the destinations named for these only. No targets at all: the
    caller parks the report.
    """
    facts = facts_of(report, channel, rules, text)
    holding = [
        (rule, saw)
        for rule, asked in zip(rules.rules, rules.asked, strict=True)
        if (saw := seen(rule.when, asked, facts)) is not None
    ]
    alone = next(((rule, saw) for rule, saw in holding if rule.only), None)
    if alone is not None:
        rule, saw = alone
        overruled: list[Json] = [other.name for other, _ in holding if other is not rule]
        match = _match(rule, {**saw, "overrules": [*overruled, DIRECTORY, DEFAULT]})
        return _kept_secret(facts, rules, _targets([rule], {}), (match,))
    others, explained = _without_rules(facts, rules)
    matches = (*(_match(rule, saw) for rule, saw in holding), *explained)
    return _kept_secret(facts, rules, _targets([rule for rule, _ in holding], others), matches)


def explain(decision: RouteDecision) -> tuple[str, ...]:
    """The decision in lines for people: each rule with what it saw, then each destination with its parameters."""
    lines = [f"rules {decision.rules_version}"]
    for match in decision.matches:
        place = f" (line {match.line})" if match.line is not None else ""
        saw = ", ".join(f"{name}: {_spelled(value)}" for name, value in match.saw.items()) or "holds for every report"
        lines.append(f"{match.rule}{place}: {saw}")
    lines += [
        f"→ {name}" + (f" ({_spelled(parameters)})" if parameters else "")
        for name, parameters in decision.targets.items()
    ]
    return tuple(lines) if decision.targets else (*lines, "→ nowhere: the report is parked")


def _kept_secret(facts: Facts, rules: Rules, targets: Targets, matches: tuple[RuleMatch, ...]) -> RouteDecision:
    """The decision, without those whom a whistleblower's report is kept from, or with somebody beside its subject."""
    only = confined(facts, rules, targets)
    if only is not None:
        kept: list[Json] = list(only)
        match = RuleMatch(rule=SECRECY, saw={"whistleblower": kept, "only": True})
        matches = matches if only.keys() == targets.keys() else (*matches, match)
        return RouteDecision(targets=only, matches=matches, rules_version=rules.version)
    agency = alone_with_its_subject(facts, rules, targets)
    if agency is not None:
        targets = guarded(targets, rules.default)
        matches = (*matches, RuleMatch(rule=SECRECY, saw={"about": agency, "never": "alone"}))
    return RouteDecision(targets=targets, matches=matches, rules_version=rules.version)


def _without_rules(facts: Facts, rules: Rules) -> tuple[Targets, list[RuleMatch]]:
    """What holds beside the rules: the directory, and the default destinations."""
    targets: Targets = {}
    matches: list[RuleMatch] = []
    found = agency_for(facts, rules)
    institution: dict[str, Json] = {}
    if found is not None:
        agency, saw = found
        matches.append(RuleMatch(rule=DIRECTORY, saw=dict(saw)))
        institution = {INSTITUTION: agency.institution} if agency.institution is not None else {}
        if agency.destination is not None:
            targets[agency.destination] = {}
    for name in rules.default:
        targets[name] = dict(institution)
    if rules.default:
        matches.append(RuleMatch(rule=DEFAULT, saw={"destinations": list(rules.default)}))
    return targets, matches


def _targets(holding: Iterable[Rule], others: Mapping[str, Mapping[str, Json]]) -> Targets:
    holding = tuple(holding)
    targets: Targets = {name: {} for rule in holding for name in rule.to}
    for name in others:
        targets.setdefault(name, {})
    copies = [name for rule in holding for name in rule.copies if name not in targets]
    targets.update({name: {COPY: True} for name in copies})
    for given in (*(rule.parameters for rule in holding), others):
        for name, parameters in given.items():
            if name in targets:
                targets[name] = {**parameters, **targets[name]}
    return targets


def _match(rule: Rule, saw: dict[str, Json]) -> RuleMatch:
    return RuleMatch(rule=rule.name, line=rule.line, saw=saw)


def _spelled(value: Json) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_spelled(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_spelled, value))
    return str(value)
