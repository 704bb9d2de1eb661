"""The one visible line by which an adapter is registered: added to the table's text where it belongs."""

from __future__ import annotations

from schemas.errors import Invalid

_EXPORTED = {"channel": "ADAPTER", "destination": "KIND"}


def registered(text: str, kind: str, name: str) -> str:
    """The text of `adapters/<kind>s/__init__.py` with the adapter in it. Raises Invalid for a text of another shape."""
    package = f"from adapters.{kind}s."
    lines = text.splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith(package)]
    ends = [number for number, line in enumerate(lines) if line == "}"]
    if not places or not ends:
        raise Invalid(f"adapters/{kind}s/__init__.py has no table to register {name} in; add it by hand")
    constant = name.upper()
    imported = f"{package}{name}.adapter import {_EXPORTED[kind]} as {constant}"
    lines.insert(ends[-1], f'    "{name}": {constant},')
    block = sorted([*lines[places[0] : places[-1] + 1], imported])
    lines[places[0] : places[-1] + 1] = block
    return "\n".join(lines) + "\n"
