"""A report about an agency never goes to that agency alone, and a whistleblower's to the inspectorate only. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.route.facts import Facts
from gateway.route.rules import Rules
from schemas.base import Json
from schemas.report import Report
from schemas.vocabulary import Classification

SECRECY = "secrecy"
"""The name under which this guard explains itself."""


def blows_the_whistle(report: Report) -> bool:
    """Whether somebody tells of misconduct (LAPOR!'s class *berkadar pengawasan*) and asks for secrecy."""
    return report.is_secret and report.classification is Classification.WITH_SUPERVISION


def alone_with_its_subject(facts: Facts, rules: Rules, targets: Iterable[str]) -> str | None:
    """The agency that a report is about, when its destination would be the only one to see the report.

    A report is about an agency when it tells of misconduct (LAPOR!'s class *berkadar pengawasan*) and names the agency,
    in its field or in the text.
    """
    reached = set(targets)
    if facts.report.classification is not Classification.WITH_SUPERVISION or len(reached) != 1:
        return None
    about = facts.named.keys() | facts.mentioned.keys()
    for agency in rules.directory:
        if agency.name in about and agency.destination in reached:
            return agency.name
    return None


def confined(
    facts: Facts, rules: Rules, targets: Mapping[str, Mapping[str, Json]]
) -> dict[str, dict[str, Json]] | None:
    """The targets of a whistleblower's report: those named for such reports and nobody else; None for any other one.

    One about the agency behind the only such destination goes nowhere, so that a person decides.
    """
    if not rules.whistleblowers or not blows_the_whistle(facts.report):
        return None
    kept = {name: dict(targets.get(name, {})) for name in rules.whistleblowers}
    return {} if alone_with_its_subject(facts, rules, kept) is not None else kept


def guarded(targets: Mapping[str, Mapping[str, Json]], default: Iterable[str]) -> dict[str, dict[str, Json]]:
    """The targets with the default destinations beside them; none at all where that adds nobody, so that it is parked.

    A person then decides whom to send it to.
    """
    added: dict[str, dict[str, Json]] = {name: {} for name in default if name not in targets}
    return {**{name: dict(given) for name, given in targets.items()}, **added} if added else {}
