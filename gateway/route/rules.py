"""The rules of routing as values: agencies, conditions, rules, and all of them made ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from gateway.categories import load_categories
from gateway.wording import PhraseIndex, index_phrases
from schemas.base import Json
from schemas.vocabulary import Classification


@dataclass(frozen=True, slots=True)
class Agency:
    """A public body that reports are for.

    `aliases` are what people call it, beside its name. `institution` is its id at LAPOR!; `destination` gets its
    reports; `parents` are LAPOR!'s top-level categories that are its business.
    """

    name: str
    aliases: tuple[str, ...] = ()
    institution: str | None = None
    destination: str | None = None
    parents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class When:
    """The conditions of a rule. All that are given must hold; of the values in one, any may.

    `categories` are ids; `regions` are beginnings of Kemendagri codes, digits only; `provinces` and `regencies` are
    written as `gateway.route.facts.region_name` writes them; `agencies` are names of the directory; a flag that is None
    is not asked.
    """

    classifications: frozenset[Classification] = frozenset()
    categories: frozenset[int] = frozenset()
    provinces: frozenset[str] = frozenset()
    regencies: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    is_secret: bool | None = None
    is_anonymous: bool | None = None
    is_priority: bool | None = None

    def given(self) -> tuple[str, ...]:
        """The names of the conditions that are asked."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name) not in (None, frozenset()))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: when its conditions hold, the report goes `to` these destinations.

    `parameters` are handed to a destination with the report, whichever rule sends it there. `copies` get it for their
    information, with the parameter `copy`. `only`: this rule decides alone. `line` is where it stands in its file.
    """

    name: str
    when: When = field(default_factory=When)
    to: tuple[str, ...] = ()
    parameters: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    copies: tuple[str, ...] = ()
    only: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """All of routing, compiled once: rules in order, destinations that every report goes to, and the directory.

    `whistleblowers` are the only destinations that a secret report of misconduct may reach, whatever the rules say;
    empty: the rules alone decide.
    """

    version: str
    rules: tuple[Rule, ...] = ()
    default: tuple[str, ...] = ()
    directory: tuple[Agency, ...] = ()
    whistleblowers: tuple[str, ...] = ()
    asked: tuple[tuple[str, ...], ...] = field(init=False, repr=False, compare=False)  # conditions of each rule
    keywords: PhraseIndex = field(init=False, repr=False, compare=False)
    names: PhraseIndex = field(init=False, repr=False, compare=False)
    agency_of_name: Mapping[str, Agency] = field(init=False, repr=False, compare=False)
    agency_of_category: Mapping[int, Agency] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {name: agency for agency in reversed(self.directory) for name in (agency.name, *agency.aliases)}
        phrases = {keyword for rule in self.rules for keyword in rule.when.keywords}
        for name, value in (
            ("asked", tuple(rule.when.given() for rule in self.rules)),
            ("keywords", index_phrases(phrases)),
            ("names", index_phrases(names)),
            ("agency_of_name", names),
            ("agency_of_category", _by_category(self.directory)),
        ):
            object.__setattr__(self, name, value)


def _by_category(directory: tuple[Agency, ...]) -> dict[int, Agency]:
    categories = load_categories()
    return {
        category: agency
        for agency in reversed(directory)  # the first of two that claim a category has it
        for parent in agency.parents
        for category in categories.ids_under(parent)
    }
