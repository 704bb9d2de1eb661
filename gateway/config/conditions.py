"""The `when:` of a routing rule in the configuration file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from gateway.categories import Categories, load_categories
from gateway.config.fields import Section
from gateway.config.yaml_lines import Entry, did_you_mean
from gateway.route import Agency, When
from gateway.route.facts import region_name
from gateway.wording import index_phrases, words
from schemas.vocabulary import CLASSIFICATION_NAMES, Classification

T = TypeVar("T")

FIELDS = (
    "classification",
    "category",
    "province",
    "regency",
    "region",
    "channel",
    "agency",
    "keywords",
    "is_secret",
    "is_anonymous",
    "is_priority",
)
_REGION = re.compile(r"\d{2}(\.?\d{2}(\.?\d{2}(\.?\d{4})?)?)?")


class Unusable(ValueError):
    """A value that a condition cannot take; the message says what to write instead."""


def read_when(fields: Section, directory: Iterable[Agency]) -> When:
    """The conditions of a rule. A value that is wrong is noted and left out."""
    agencies = {tuple(words(name)): agency.name for agency in directory for name in (agency.name, *agency.aliases)}
    return When(
        classifications=frozenset(_each(fields, "classification", _classification)),
        categories=frozenset().union(*_each(fields, "category", _categories)),
        provinces=frozenset(_each(fields, "province", _region_name)),
        regencies=frozenset(_each(fields, "regency", _region_name)),
        regions=frozenset(_each(fields, "region", _region_code)),
        channels=frozenset(fields.texts("channel")),
        agencies=frozenset(_each(fields, "agency", lambda written: _agency(written, agencies))),
        keywords=frozenset(_each(fields, "keywords", _keyword)),
        is_secret=fields.flag("is_secret"),
        is_anonymous=fields.flag("is_anonymous"),
        is_priority=fields.flag("is_priority"),
    )


def _each(fields: Section, name: str, read: Callable[[str], T]) -> list[T]:
    kept = []
    for entry in fields.items(name):
        try:
            kept.append(read(_text(entry)))
        except Unusable as problem:
            fields.problems.add(entry.line, entry.path, str(problem))
    return kept


def _text(entry: Entry) -> str:
    return (entry.text or "").strip()


def _classification(written: str) -> Classification:
    known = {name.value: name for name in Classification}
    named = {tuple(words(told)): name for name, told in CLASSIFICATION_NAMES.items()}
    found = known.get(written) or named.get(tuple(words(written)))
    if found is None:
        raise Unusable(f"`{written}` is no class of reports; {did_you_mean(written, known)}")
    return found


def _categories(written: str) -> frozenset[int]:
    """The ids of a category's id, of a parent's name, or of a category's name. An id need not be known here."""
    if written.isascii() and written.isdigit() and int(written) > 0:
        return frozenset({int(written)})
    categories = load_categories()
    parent = categories.parent_named(written)
    if parent is not None and categories.ids_under(parent):
        return categories.ids_under(parent)
    named = _ids_named(written, categories)
    if not named and parent is not None:
        raise Unusable(f"no id under {parent} is known; write the ids themselves")
    if not named:
        names = {*categories.parents, *(category.name for category in categories.by_id.values())}
        raise Unusable(f"`{written}` is no category; {_closest(written, names)}")
    return named


def _ids_named(written: str, categories: Categories) -> frozenset[int]:
    wanted = words(written)
    return frozenset(category.id for category in categories.by_id.values() if words(category.name) == wanted)


def _closest(written: str, names: Iterable[str]) -> str:
    told = did_you_mean(written, names)
    return told if told.startswith("did") else "write an id, or a name as in gateway/data/lapor_category_ids.csv"


def _region_name(written: str) -> str:
    name = region_name(written)
    if not name:
        raise Unusable(f"`{written}` is no name of a region")
    return name


def _region_code(written: str) -> str:
    if not _REGION.fullmatch(written):
        raise Unusable(f"`{written}` is no Kemendagri code or beginning of one; write it so: 32 or 32.73")
    return written.replace(".", "")


def _agency(written: str, agencies: Mapping[tuple[str, ...], str]) -> str:
    found = agencies.get(tuple(words(written)))
    if found is None:
        raise Unusable(f"`{written}` does not stand in `directory`; {did_you_mean(written, set(agencies.values()))}")
    return found


def _keyword(written: str) -> str:
    try:
        index_phrases([written])
    except ValueError as error:
        raise Unusable(str(error)) from error
    return written
