"""The shape of a destination's replies: which fields they have and of which types, never what stands in them.

What every good reply had is required of the next. What stands inside a list is never required: the list may be empty. A
key that could be a value itself (a number, a name somebody chose) is written as `{key}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

MOST_PATHS = 200
_DEEPEST = 8
_ITEMS = 20
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,40}[0-9]{0,2}")
_IN_A_LIST = "/*"
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
    (str, "text"),
    (dict, "object"),
    (list, "list"),
)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One reply: its kind of content and, of JSON, the type at each path."""

    content: str
    types: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Learned:
    """What so many replies had in common. `always` are the paths that none was without."""

    samples: int
    contents: frozenset[str]
    types: Mapping[str, frozenset[str]]
    always: frozenset[str]

    def as_json(self) -> dict[str, Any]:
        """For the ledger."""
        return {
            "contents": sorted(self.contents),
            "types": {path: sorted(types) for path, types in sorted(self.types.items())},
            "always": sorted(self.always),
        }


def learned_from(samples: int, document: Mapping[str, Any]) -> Learned | None:
    """What `as_json` gave; None when nothing is learned."""
    if samples == 0:
        return None
    types = {path: frozenset(found) for path, found in document["types"].items()}
    return Learned(samples, frozenset(document["contents"]), types, frozenset(document["always"]))


def skeleton_of(content_type: str, body: bytes) -> Skeleton:
    """The skeleton of a reply. At most `MOST_PATHS` paths are kept."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Skeleton(_content(content_type, body), {})
    types: dict[str, set[str]] = {}
    for path, kind in _walk("", document, 0):
        if path in types or len(types) < MOST_PATHS:
            types.setdefault(path, set()).add(kind)
    return Skeleton("JSON", {path: frozenset(kinds) for path, kinds in types.items()})


def learn(learned: Learned | None, skeleton: Skeleton) -> Learned:
    """What is known after one more reply."""
    required = frozenset(path for path in skeleton.types if _IN_A_LIST not in path)
    return merged(learned, Learned(1, frozenset([skeleton.content]), skeleton.types, required))


def merged(one: Learned | None, other: Learned) -> Learned:
    """What is known from both together."""
    if one is None:
        return other
    types = dict(one.types)
    for path, kinds in other.types.items():
        if path in types or len(types) < MOST_PATHS:
            types[path] = types.get(path, frozenset()) | kinds
    return Learned(one.samples + other.samples, one.contents | other.contents, types, one.always & other.always)


def difference(learned: Learned, skeleton: Skeleton) -> str | None:
    """What is missing from a reply, or of another type, in words; None when it is as the others were."""
    if skeleton.content not in learned.contents:
        return f"shape changed: {skeleton.content} instead of {' or '.join(sorted(learned.contents))}"
    gone = learned.always - skeleton.types.keys()
    other = {path for path in learned.always - gone if not skeleton.types[path] <= learned.types[path]}
    if not gone and not other:
        return None
    new = {path for path in skeleton.types if path not in learned.types}
    told = [f"{path} gone" for path in _leaves(gone)]
    told += [f"{path or '/'} is {'/'.join(sorted(skeleton.types[path]))} now" for path in sorted(other)]
    told += [f"{path} new" for path in _leaves(new)]
    return f"shape changed: {', '.join(told)}"


def _leaves(paths: set[str] | frozenset[str]) -> list[str]:
    """Those that hold none of the others."""
    return [path for path in sorted(paths) if not any(other.startswith(f"{path}/") for other in paths)]


def _walk(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    yield path, next((name for kind, name in _TYPES if isinstance(value, kind)), "null")
    if depth >= _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(f"{path}/{key if _PLAIN_KEY.fullmatch(key) else '{key}'}", inner, depth + 1)
    elif isinstance(value, list):
        for inner in value[:_ITEMS]:
            yield from _walk(f"{path}{_IN_A_LIST}", inner, depth + 1)


def _content(content_type: str, body: bytes) -> str:
    start = body.lstrip()[:200].lower()
    if not start:
        return "nothing"
    if "html" in content_type.lower() or start.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    return "XML" if start.startswith(b"<") else "text"
