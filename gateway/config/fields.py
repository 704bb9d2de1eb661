"""Reading one mapping of the file: every field by its type, every mistake noted with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.config.yaml_lines import Entry, Problems, did_you_mean
from gateway.duration import parse_duration


class Section:
    """A mapping of the file with the names that it may hold. A field that is missing or wrong reads as its default."""

    def __init__(self, entry: Entry, known: Iterable[str], problems: Problems) -> None:
        self.line = entry.line
        self.path = entry.path
        self.problems = problems
        self._fields: Mapping[str, Entry] = entry.value if isinstance(entry.value, Mapping) else {}
        names = tuple(known)
        if entry.value is not None and not isinstance(entry.value, Mapping):
            problems.add(entry.line, entry.path, f"must be a mapping of {', '.join(names)}")
        for name, field in self._fields.items():
            if name not in names:
                problems.add(field.line, field.path, f"is no setting; {did_you_mean(name, names)}")

    def add(self, name: str, text: str) -> None:
        """Note a problem of a field, at its line; of one that is not there, at the line of the section."""
        field = self._fields.get(name)
        self.problems.add(field.line if field else self.line, f"{self.path}.{name}", text)

    def entry(self, name: str) -> Entry | None:
        """The field as it stands, or None when it is missing or empty."""
        field = self._fields.get(name)
        return None if field is None or field.value is None else field

    def section(self, name: str, known: Iterable[str]) -> Section:
        """A mapping inside this one; empty when it is missing."""
        return Section(self.entry(name) or Entry({}, self.line, f"{self.path}.{name}"), known, self.problems)

    def text(self, name: str) -> str | None:
        """A text as typed, or None."""
        field = self.entry(name)
        if field is None:
            return None
        if field.text is None or not field.text.strip():
            self.add(name, "must be one text")
            return None
        return field.text.strip()

    def needed(self, name: str, instead: str) -> str | None:
        """A text that must be there; `instead` says what to write when it is not."""
        if self.entry(name) is None:
            self.add(name, f"is missing; {instead}")
        return self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts as typed; one text alone is a list of one."""
        return tuple(entry.text.strip() for entry in self.items(name) if entry.text is not None)

    def items(self, name: str) -> tuple[Entry, ...]:
        """The entries of a list of texts, each with its line."""
        field = self.entry(name)
        if field is None:
            return ()
        found = field.value if isinstance(field.value, tuple) else (field,)
        kept = []
        for one in found:
            if one.text is None or not one.text.strip():
                self.problems.add(one.line, one.path, "must be a text, or a list of texts")
            else:
                kept.append(one)
        return tuple(kept)

    def flag(self, name: str) -> bool | None:
        """True or false, or None when it is missing."""
        field = self.entry(name)
        if field is None:
            return None
        if isinstance(field.value, bool):
            return field.value
        self.add(name, "must be true or false")
        return None

    def number(self, name: str, default: float, *, least: float, most: float) -> float:
        """A number between two limits, both allowed."""
        field = self.entry(name)
        if field is None:
            return default
        value = field.value
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.add(name, f"must be a number from {least:g} to {most:g}")
        return default

    def count(self, name: str, default: int, *, most: int) -> int:
        """A whole number of 1 or more."""
        field = self.entry(name)
        if field is None:
            return default
        value = field.value
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return value
        self.add(name, f"must be a whole number from 1 to {most}")
        return default

    def duration(self, name: str, default: float) -> float:
        """A duration in seconds, longer than nothing."""
        field = self.entry(name)
        return default if field is None else self._duration(field, default)

    def durations(self, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """A list of durations in seconds."""
        field = self.entry(name)
        if field is None:
            return default
        if not isinstance(field.value, tuple):
            self.add(name, "must be a list of durations, such as [5s, 30s, 2m]")
            return default
        return tuple(self._duration(one, 1.0) for one in field.value)

    def _duration(self, field: Entry, default: float) -> float:
        try:
            seconds = parse_duration(field.plain())
        except ValueError as error:
            self.problems.add(field.line, field.path, str(error))
            return default
        if seconds > 0:
            return seconds
        self.problems.add(field.line, field.path, "must be longer than nothing, such as 5s")
        return default
