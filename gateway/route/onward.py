"""Where a report goes when an agency says that it is not its matter, and what such answers say of the rules. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from gateway.categories import load_categories
from gateway.route.facts import facts_of
from gateway.route.rules import Rules
from gateway.route.secrecy import blows_the_whistle
from schemas.report import Report

LIMIT = 3
"""So many agencies may say that it is not theirs; then a person decides."""
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Passed:
    """A report that one destination did not take and that was sent on. `category`: the id that it was filed under."""

    report: str
    left: str
    reached: str
    category: int | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """The same again and again: reports of a category that go from one destination to another, or to and fro."""

    left: str
    reached: str
    category: int | None
    reports: int
    to_and_fro: bool

    def proposed(self) -> str:
        """A rule that would have sent them there at once, to be read by a person and put into the file."""
        known = load_categories().by_id.get(self.category) if self.category is not None else None
        name = known.name.lower() if known else "reports that are passed on"
        when = f"      when: {{category: [{self.category}]}}\n" if self.category is not None else ""
        return f'    - name: "{name}: {self.reached}"\n{when}      to: [{self.reached}]\n'


def onward(report: Report, channel: str, rules: Rules, tried: Collection[str], parents: Sequence[str]) -> str | None:
    """The next destination: of an agency that the report names, else of one whose business is a likely category.

    `tried` have it already; `parents` are the likely categories, the likeliest first. None: a person must decide. A
    whistleblower's report goes to nobody who is not named for these.
    """
    facts = facts_of(report, channel, rules)
    named = [agency for agency in rules.directory if agency.name in (facts.named.keys() | facts.mentioned.keys())]
    likely = [agency for parent in parents for agency in rules.directory if parent in agency.parents]
    found = (agency.destination for agency in (*named, *likely) if agency.destination is not None)
    if blows_the_whistle(report):
        found = (name for name in rules.whistleblowers)
    return next((name for name in found if name not in tried), None)


def patterns(passed: Iterable[Passed]) -> list[Pattern]:
    """What happens again and again, the most frequent first."""
    counted = Counter((one.left, one.reached, one.category) for one in passed)
    both = {(left, reached) for left, reached, _ in counted}
    found = [
        Pattern(left, reached, category, number, (reached, left) in both)
        for (left, reached, category), number in counted.items()
        if number >= _OFTEN or (reached, left) in both
    ]
    return sorted(found, key=lambda one: (-one.reports, one.left, one.reached, one.category or 0))
