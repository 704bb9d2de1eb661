"""A payload as a skeleton of JSON values whose texts hold placeholders: read and checked once, filled for each case.

`{report.title}` stands for a field, `{report.title|truncate:100|upper}` for what filters make of it, `{{` and `}}` for
braces. A text that is one placeholder and nothing else keeps the type of the value. There is no code in a template.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from adapters.outbound.fields import FIELDS, IDENTITY, Subject, field_of
from adapters.outbound.filters import Filter, Tables, Unusable, filter_of, text_of
from schemas.base import Json

Place = tuple[str | int, ...]
Problem = tuple[Place, str]
Missing = Literal["null", "omit"]

_PIECES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
OMITTED = object()
"""What a missing value leaves where it is to be left out."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One field with its filters. `missing` says what stands in its place when the case has no such value."""

    name: str
    filters: tuple[Filter, ...]
    missing: Missing | None

    def value(self, subject: Subject) -> Json:
        """The value, or None."""
        known = field_of(self.name)
        value = None if known is None else known.value(subject)
        for each in self.filters:
            if value is None or value == "":
                value = each.missing
            elif each.missing is None:
                value = each.apply(value)
        return None if value == "" else value


@dataclass(frozen=True, slots=True)
class Words:
    """A text with placeholders in it."""

    pieces: tuple[str | Placeholder, ...]
    missing: Missing

    def filled(self, subject: Subject) -> Json:
        """The text; one placeholder alone gives its value as it is."""
        if len(self.pieces) == 1 and isinstance(self.pieces[0], Placeholder):
            alone = self.pieces[0]
            value = alone.value(subject)
            return _nothing(alone.missing or self.missing) if value is None else _plain(value)
        text = ""
        for piece in self.pieces:
            value = piece if isinstance(piece, str) else piece.value(subject)
            if value is None and isinstance(piece, Placeholder) and piece.missing is not None:
                return _nothing(piece.missing)
            text += "" if value is None else text_of(value)
        return text


Node = Words | dict[str, "Node"] | list["Node"] | str | int | float | bool | None


@dataclass(slots=True)
class Reader:
    """Reads skeletons; what is wrong is collected in `problems`, each with the way to its place."""

    tables: Tables
    zone: str
    missing: Missing
    identity: bool = True
    problems: list[Problem] = field(default_factory=list)

    def read(self, written: Json, place: Place) -> Node:
        """The skeleton ready to be filled."""
        if isinstance(written, Mapping):
            if _is_unquoted(written):
                self.problems.append(
                    (place, f'YAML reads this as a mapping; put it in quotes: "{{{next(iter(written))}}}"')
                )
            return {str(name): self.read(value, (*place, str(name))) for name, value in written.items()}
        if isinstance(written, list | tuple):
            return [self.read(value, (*place, number)) for number, value in enumerate(written)]
        if isinstance(written, str):
            return self.words(written, place)
        if written is None or isinstance(written, bool | int | float):
            return written
        self.problems.append((place, f'is read as a {type(written).__name__}; put it in quotes: "{written}"'))
        return None

    def words(self, text: str, place: Place) -> Words | str:
        """One text."""
        pieces: list[str | Placeholder] = []
        end = 0
        for found in _PIECES.finditer(text):
            pieces.append(text[end : found.start()])
            end = found.end()
            pieces.append(self._piece(found, place))
        pieces.append(text[end:])
        whole = tuple(piece for piece in pieces if piece != "")
        self._check_lists(whole, place)
        if any(isinstance(piece, Placeholder) for piece in whole):
            return Words(whole, self.missing)
        return "".join(str(piece) for piece in whole)

    def _piece(self, found: re.Match[str], place: Place) -> str | Placeholder:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        if found[1] is None:
            self.problems.append((place, f"`{found[0]}` stands alone; write `{found[0] * 2}` for a brace"))
            return ""
        try:
            return self._placeholder(found[1])
        except Unusable as error:
            self.problems.append((place, f"{found[0]}: {error}"))
            return ""

    def _placeholder(self, written: str) -> Placeholder:
        name, *filters = written.split("|")
        name = name.strip()
        known = field_of(name)
        if known is None:
            raise Unusable(f"no field is called `{name}`; {_closest(name)}")
        if name.startswith(IDENTITY) and not self.identity:
            raise Unusable("tells who reports, and this destination is not entitled to it: write `identity: true`")
        type_, made, missing = known.type, [], None
        for each in filters:
            if each.strip() in ("omit", "null"):
                missing = "omit" if each.strip() == "omit" else "null"
                continue
            made.append(filter_of(each, type_, self.tables, self.zone))
            type_ = made[-1].type
        return Placeholder(name, tuple(made), missing)  # type: ignore[arg-type]  # "omit" or "null"

    def _check_lists(self, pieces: tuple[str | Placeholder, ...], place: Place) -> None:
        for piece in pieces if len(pieces) > 1 else ():
            known = field_of(piece.name) if isinstance(piece, Placeholder) else None
            if known is not None and known.type == "list":
                self.problems.append((place, "a list must stand alone, not in a text"))


def fill(node: Node, subject: Subject) -> Json:
    """The skeleton with the values of a case. The same case gives the same values in the same order."""
    if isinstance(node, Words):
        return node.filled(subject)
    if isinstance(node, dict):
        filled = {name: fill(value, subject) for name, value in node.items()}
        return {name: value for name, value in filled.items() if value is not OMITTED}
    if isinstance(node, list):
        return [value for one in node if (value := fill(one, subject)) is not OMITTED]
    return node


def _nothing(missing: Missing) -> Json:
    return OMITTED if missing == "omit" else None


def _plain(value: Json) -> Json:
    """Dates as text: JSON has none."""
    return value if isinstance(value, str | int | float | bool | list | dict) else text_of(value)


def _is_unquoted(written: Mapping[str, Json]) -> bool:
    (name, value), *others = [*written.items()] or [("", "")]
    return not others and value is None and field_of(str(name).partition("|")[0].strip()) is not None


def _closest(name: str) -> str:
    close = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else f"write one of: {', '.join(sorted(FIELDS))}"
