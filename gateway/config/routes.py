"""The `routes:` of the configuration file: rules, default destinations, and rules that can never do anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields

from gateway.config.conditions import FIELDS as WHEN_FIELDS
from gateway.config.conditions import read_when
from gateway.config.fields import Section
from gateway.config.leaks import note_leaks
from gateway.config.yaml_lines import Entry, Problems, did_you_mean
from gateway.route import DEFAULT, DIRECTORY, Agency, Rule, Rules, When
from schemas.base import Json

FIELDS = ("version", "default", "whistleblowers", "rules")
RULE_FIELDS = ("name", "when", "to", "parameters", "copies", "only")


def read_rules(
    entry: Entry | None, directory: tuple[Agency, ...], destinations: Collection[str], problems: Problems
) -> Rules:
    """The rules of routing; every problem is noted, and what cannot be used is left out."""
    routes = Section(entry or Entry({}, 1, "routes"), FIELDS, problems)
    default = tuple(_known(routes, "default", destinations))
    if routes.entry("default") is None:
        routes.add("default", "is missing; write the destinations that every report goes to, such as default: [sp4n]")
    rules = [_rule(one, directory, destinations, problems) for one in _listed(routes)]
    _note_duplicates(rules, problems)
    _note_unreachable(rules, problems)
    whistleblowers = tuple(_known(routes, "whistleblowers", destinations))
    note_leaks(rules, default, directory, whistleblowers, routes)
    version = _version(routes.text("version"), rules, default, directory, whistleblowers)
    return Rules(version, tuple(rules), default, directory, whistleblowers)


def _listed(routes: Section) -> tuple[Entry, ...]:
    written = routes.entry("rules")
    if written is None:
        return ()
    if isinstance(written.value, tuple):
        return written.value
    routes.add("rules", "must be a list; begin each rule with `- name:`")
    return ()


def _rule(entry: Entry, directory: tuple[Agency, ...], destinations: Collection[str], problems: Problems) -> Rule:
    rule = Section(entry, RULE_FIELDS, problems)
    name = rule.needed("name", "give the rule a name, it explains the route")
    if name in (DEFAULT, DIRECTORY):
        rule.add("name", f"`{name}` names what is not a rule; choose another")
    to, copies = _known(rule, "to", destinations), _known(rule, "copies", destinations)
    parameters = _parameters(rule, destinations)
    only = bool(rule.flag("only"))
    if all(rule.entry(field) is None for field in ("to", "copies", "parameters")):
        rule.add("to", "is missing; write the destinations that the rule is for")
    if only and rule.entry("to") is None and rule.entry("copies") is None:
        rule.add("only", "leaves the report without a destination; write `to`")
    when = read_when(rule.section("when", WHEN_FIELDS), directory)
    return Rule(name or "", when, tuple(to), parameters, tuple(copies), only, entry.line)


def _known(section: Section, name: str, destinations: Collection[str]) -> list[str]:
    kept: list[str] = []
    for one in section.items(name):
        written = (one.text or "").strip()
        if written not in destinations:
            told = f"`{written}` is no destination; {did_you_mean(written, destinations)}"
            section.problems.add(one.line, one.path, told)
        elif written in kept:
            section.problems.add(one.line, one.path, f"`{written}` stands twice; once is enough")
        else:
            kept.append(written)
    return kept


def _parameters(rule: Section, destinations: Collection[str]) -> dict[str, dict[str, Json]]:
    entry = rule.entry("parameters")
    if entry is None:
        return {}
    given = Section(entry, destinations, rule.problems)
    parameters = {}
    for name in destinations:
        one = given.entry(name)
        if one is not None and isinstance(one.value, Mapping):
            parameters[name] = one.plain()
        elif one is not None:
            given.add(name, "must be a mapping of parameters, such as {institution: 151}")
    return parameters


def _note_duplicates(rules: Iterable[Rule], problems: Problems) -> None:
    first: dict[str, Rule] = {}
    for rule in rules:
        if rule.name and first.setdefault(rule.name, rule) is not rule:
            told = f"`{rule.name}` is the name of the rule in line {first[rule.name].line} already; choose another"
            problems.add(rule.line or 0, "routes.rules.name", told)


def _note_unreachable(rules: list[Rule], problems: Problems) -> None:
    for at, rule in enumerate(rules):
        for other_at, other in enumerate(rules):
            told = _why_idle(rule, other, earlier=other_at < at) if other is not rule else None
            if told is not None:
                problems.add(rule.line or 0, "routes.rules", f"the rule `{rule.name}` can never do anything: {told}")
                break


def _why_idle(rule: Rule, other: Rule, *, earlier: bool) -> str | None:
    """Why a rule has no effect beside another that holds whenever it does, or None."""
    if not covers(other.when, rule.when):
        return None
    if other.only and (earlier or not rule.only):
        return (
            f"`{other.name}` (line {other.line}) holds whenever it does and decides alone; move or narrow one of them"
        )
    adds_nothing = (
        earlier
        and not rule.only
        and set(rule.to) <= set(other.to)
        and set(rule.copies) <= {*other.to, *other.copies}
        and all(
            parameters.items() <= other.parameters.get(name, {}).items() for name, parameters in rule.parameters.items()
        )
    )
    return f"`{other.name}` (line {other.line}) does the same already; remove one of them" if adds_nothing else None


def covers(wide: When, narrow: When) -> bool:
    """Whether every report that the narrow conditions hold for is one that the wide ones hold for."""
    return all(_covers(name, getattr(wide, name), getattr(narrow, name)) for name in wide.given())


def _covers(name: str, wide: Collection[str] | bool, narrow: Collection[str] | bool | None) -> bool:
    if isinstance(wide, bool) or isinstance(narrow, bool) or narrow is None:
        return wide is narrow
    if name == "regions":
        return bool(narrow) and all(code.startswith(tuple(wide)) for code in narrow)
    return bool(narrow) and set(narrow) <= set(wide)


def _version(
    label: str | None,
    rules: Iterable[Rule],
    default: tuple[str, ...],
    directory: Iterable[Agency],
    whistleblowers: tuple[str, ...],
) -> str:
    """A name for exactly these rules: what is decided by them says so. Lines and order of files do not count."""
    told: list[Json] = [
        default,
        [asdict(agency) for agency in directory],
        *([whistleblowers] if whistleblowers else ()),
    ]
    for rule in rules:
        told.append({one.name: getattr(rule, one.name) for one in fields(rule) if one.name not in ("line", "when")})
        told.append(asdict(rule.when))
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, default=_sorted).encode()).hexdigest()[:12]
    return f"{label}+{digest}" if label else digest


def _sorted(value: object) -> list[str]:
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    return [str(value)]
