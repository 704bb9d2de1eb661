"""LAPOR!'s categories: ids, names and parents. Source: see gateway/data/README.md."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from gateway.wording import words


@dataclass(frozen=True, slots=True)
class Category:
    """A category that a report can be filed under. `parent` is the name of its top-level category."""

    id: int
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Categories:
    """The whole list. `parents` maps each top-level name to the names under it; ids are known for part of them."""

    by_id: Mapping[int, Category]
    parents: Mapping[str, tuple[str, ...]]

    def parent_named(self, name: str) -> str | None:
        """LAPOR!'s spelling of a parent category, however its case, spaces and punctuation are written; or None."""
        wanted = words(name)
        return next((parent for parent in self.parents if words(parent) == wanted), None)

    def id_of(self, text: str) -> int | None:
        """The id that a text names: by its number, or by a name that only one has; or None."""
        if text.isdecimal():
            return int(text) if int(text) in self.by_id else None
        wanted = words(text)
        found = [one.id for one in self.by_id.values() if words(one.name) == wanted]
        return found[0] if len(found) == 1 else None

    def ids_under(self, parent: str) -> frozenset[int]:
        """The known ids under a parent, in LAPOR!'s spelling."""
        return frozenset(category.id for category in self.by_id.values() if category.parent == parent)


@cache
def load_categories() -> Categories:
    """The categories that come with the gateway."""
    data = files("gateway") / "data"
    ids = (data / "lapor_category_ids.csv").read_text(encoding="utf-8")
    rows = [Category(int(row["category_id"]), row["category"], row["parent"]) for row in csv.DictReader(StringIO(ids))]
    tree = json.loads((data / "lapor_category_tree.json").read_text(encoding="utf-8"))
    return Categories({row.id: row for row in rows}, {parent: tuple(names) for parent, names in tree.items()})
