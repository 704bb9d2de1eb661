"""A report about an agency never goes to that agency alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.route.facts import Facts
from gateway.route.rules import Rules
from schemas.base import Json
from schemas.vocabulary import Classification

SECRECY = "secrecy"
"""The name under which this guard explains itself."""


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


def guarded(targets: Mapping[str, Mapping[str, Json]], default: Iterable[str]) -> dict[str, dict[str, Json]]:
    """The targets with the default destinations beside them; none at all where that adds nobody, so that it is parked.

    A person then decides whom to send it to.
    """
    added: dict[str, dict[str, Json]] = {name: {} for name in default if name not in targets}
    return {**{name: dict(given) for name, given in targets.items()}, **added} if added else {}
