"""Rules that break secrecy, each named by its line before anything starts."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.config.fields import Section
from gateway.route import Agency, Rule
from schemas.vocabulary import Classification


def note_leaks(
    rules: Iterable[Rule],
    default: tuple[str, ...],
    directory: tuple[Agency, ...],
    whistleblowers: tuple[str, ...],
    routes: Section,
) -> None:
    """Note rules that send a whistleblower's report past the inspectorate, or a report to its subject alone.

    What is secret and of the class *berkadar pengawasan* is a whistleblower's. Rules that are not about these reports
    are no mistake: routing keeps them away from such reports by itself, where `whistleblowers` names destinations.
    Nor is a default that is one agency's own destination: a report about that agency waits for a person.
    """
    served = {agency.name: agency.destination for agency in directory}
    for rule in rules:
        told = _exposes(rule, whistleblowers) or _tells_its_subject(rule, default, served)
        if told is not None:
            routes.problems.add(rule.line or routes.line, "routes.rules", f"the rule `{rule.name}` {told}")


def _exposes(rule: Rule, whistleblowers: tuple[str, ...]) -> str | None:
    when = rule.when
    if when.is_secret is not True or when.classifications != {Classification.WITH_SUPERVISION}:
        return None
    outside = [name for name in (*rule.to, *rule.copies) if name not in whistleblowers]
    if whistleblowers and outside:
        return (
            f"shows whistleblowers' reports to `{outside[0]}`, which `whistleblowers` does not name; "
            f"send them to {', '.join(whistleblowers)} only"
        )
    if not whistleblowers and not rule.only:
        return (
            "is for whistleblowers' reports, and others get them too: the defaults, the directory, other rules; "
            "write `only: true`, or name the inspectorate in `routes.whistleblowers`"
        )
    return None


def _tells_its_subject(rule: Rule, default: tuple[str, ...], served: dict[str, str | None]) -> str | None:
    when, reached = rule.when, {*rule.to, *rule.copies}
    supervised = not when.classifications or Classification.WITH_SUPERVISION in when.classifications
    if not (rule.only and supervised and when.agencies) or len(reached) != 1:
        return None
    about = next((name for name in sorted(when.agencies) if served.get(name) in reached), None)
    if about is None:
        return None
    if when.classifications == {Classification.WITH_SUPERVISION} or set(default) <= reached:
        return f"would send a report about {about} to {about} alone; add a destination that watches over it"
    return None
