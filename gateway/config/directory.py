"""The `directory:` of agencies in the configuration file."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gateway.categories import load_categories
from gateway.config.fields import Section
from gateway.config.yaml_lines import Entry, Problems, did_you_mean
from gateway.route import Agency
from gateway.wording import words

FIELDS = ("aliases", "institution", "destination", "categories")


def read_directory(entry: Entry | None, destinations: Collection[str], problems: Problems) -> tuple[Agency, ...]:
    """The agencies in the order of the file; those with problems as far as they can be read."""
    if entry is None:
        return ()
    if not isinstance(entry.value, Mapping):
        problems.add(entry.line, entry.path, "must be a mapping from an agency's name to what is known of it")
        return ()
    reader = _Directory(destinations, problems)
    return tuple(reader.agency(name, one) for name, one in entry.value.items())


class _Directory:
    def __init__(self, destinations: Collection[str], problems: Problems) -> None:
        self._destinations = destinations
        self._problems = problems
        self._names: dict[tuple[str, ...], str] = {}  # an alias in words -> whose it is
        self._parents: dict[str, str] = {}  # a parent category -> whose it is

    def agency(self, name: str, entry: Entry) -> Agency:
        fields = Section(entry, FIELDS, self._problems)
        self._claim_name(name, name, entry)
        aliases = fields.items("aliases")
        kept = tuple(str(alias.text).strip() for alias in aliases if self._claim_name(str(alias.text), name, alias))
        destination = fields.text("destination")
        if destination is not None and destination not in self._destinations:
            fields.add(
                "destination", f"`{destination}` is no destination; {did_you_mean(destination, self._destinations)}"
            )
            destination = None
        parents = frozenset(parent for one in fields.items("categories") for parent in self._claim_parent(one, name))
        return Agency(name, kept, fields.text("institution"), destination, parents)

    def _claim_name(self, alias: str, agency: str, entry: Entry) -> bool:
        key = tuple(words(alias))
        owner = self._names.setdefault(key, agency)
        if not key or "*" in alias:
            self._problems.add(entry.line, entry.path, f"`{alias}` cannot be looked for; write words, without a *")
            return False
        if owner != agency:
            self._problems.add(
                entry.line, entry.path, f"`{alias}` is the name of {owner} already; keep it with one of them"
            )
            return False
        return True

    def _claim_parent(self, entry: Entry, agency: str) -> tuple[str, ...]:
        categories = load_categories()
        written = str(entry.text)
        parent = categories.parent_named(written)
        if parent is None:
            told = f"`{written}` is no parent category; {did_you_mean(written, categories.parents)}"
            self._problems.add(entry.line, entry.path, told)
            return ()
        owner = self._parents.setdefault(parent, agency)
        if owner != agency:
            told = f"{parent} belongs to {owner} already; keep it with one, and write a rule for the other"
            self._problems.add(entry.line, entry.path, told)
            return ()
        return (parent,)
