"""A YAML file as values that know where they stand, and the list of what is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import yaml

from schemas.base import Json
from schemas.errors import Misconfigured

Scalar = str | int | float | bool | bytes | date | None
"""What YAML makes of a single word."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the file: a mapping of entries, a list of entries, or a scalar.

    `text` is a scalar as it was typed (32.10 stays "32.10"), `line` counts from 1, `path` is the setting
    (`routes.default`).
    """

    value: Mapping[str, Entry] | tuple[Entry, ...] | Scalar
    line: int
    path: str
    text: str | None = None

    def plain(self) -> Json:
        """The value without places, as YAML means it."""
        if isinstance(self.value, Mapping):
            return {name: entry.plain() for name, entry in self.value.items()}
        if isinstance(self.value, tuple):
            return [entry.plain() for entry in self.value]
        return self.value

    def at(self, steps: Iterable[str | int]) -> Entry:
        """The entry furthest along these keys and numbers."""
        found = self
        for step in steps:
            if isinstance(found.value, Mapping) and step in found.value:
                found = found.value[str(step)]
            elif isinstance(found.value, tuple) and isinstance(step, int) and step < len(found.value):
                found = found.value[step]
            else:
                break
        return found


class Problems:
    """What is wrong with a file, collected so that all of it is told at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, setting: str, text: str) -> None:
        """Note one problem; `text` says what is wrong and what to write instead."""
        place = f"{self.file}:{line}"
        self._found.append((line, f"{place}: {setting}: {text}" if setting else f"{place}: {text}"))

    def told(self) -> list[str]:
        """All problems in the order of their lines."""
        return [text for _, text in sorted(self._found, key=lambda problem: problem[0])]

    def raise_if_any(self) -> None:
        """Raise Misconfigured with every problem, if there is one."""
        problems = self.told()
        if problems:
            count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
            raise Misconfigured(f"{self.file} has {count}; mend it and start again", problems)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown name: the closest known one, or all there are."""
    names = list(known)
    by_lower = {one.lower(): one for one in names}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{by_lower[close[0]]}`?"
    return f"write one of: {', '.join(sorted(names))}" if names else "none can stand here"


def read_yaml(text: str, problems: Problems) -> Entry:
    """The file's one document, a mapping. What cannot be read is noted, and left out or empty."""
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = getattr(error, "problem", None) or "a character that YAML does not allow"
        problems.add(mark.line + 1 if mark else 1, "", f"this is no YAML: {told}; look at indentation and quotes here")
        return Entry({}, 1, "")
    root = _Reader(loader, problems).entry(node, "", node.start_mark.line + 1) if node is not None else None
    if root is None or root.value is None:
        return Entry({}, 1, "")
    if isinstance(root.value, Mapping):
        return root
    problems.add(root.line, "", "the file must be a mapping: `destinations:`, `directory:`, `routes:`")
    return Entry({}, 1, "")


class _Reader:
    def __init__(self, loader: yaml.SafeLoader, problems: Problems) -> None:
        self._loader = loader
        self._problems = problems
        self._open: list[yaml.Node] = []  # the nodes around the one that is read: an alias may point at none of them

    def entry(self, node: yaml.Node, path: str, line: int) -> Entry:
        if any(node is around for around in self._open):
            self._problems.add(line, path, "this alias holds itself; write the value out")
            return Entry(None, line, path, "")
        self._open.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return Entry(self._mapping(node, path), line, path)
            if isinstance(node, yaml.SequenceNode):
                items = enumerate(node.value)
                return Entry(
                    tuple(self.entry(item, f"{path}[{at}]", item.start_mark.line + 1) for at, item in items), line, path
                )
            return Entry(self._scalar(node), line, path, str(node.value))
        finally:
            self._open.pop()

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._problems.add(line, path, "a name must be plain text")
                continue
            name = str(key.value)
            inner = f"{path}.{name}" if path else name
            if name in entries:
                self._problems.add(line, inner, f"stands twice, first in line {entries[name].line}; keep one of them")
                continue
            entries[name] = self.entry(value, inner, line)
        return entries

    def _scalar(self, node: yaml.Node) -> Scalar:
        try:
            value: Scalar = self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError):  # an unknown !tag, the 31st of February
            return str(node.value)
        return value
