"""The configuration of the copy: the operator's own, with every address, secret and long wait replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.destinations.ministry_rest.simulator import PATH, SECRET
from adapters.destinations.sp4n.simulator import INSTITUTION_ID
from gateway.chaos.regime import HOST, MINISTRY, SP4N, Part
from gateway.config import Config
from gateway.config.yaml_lines import Problems, read_yaml
from schemas.handoff import Repeat

TARGET_INSTITUTION = 2
"""One that the simulated national system knows."""

_KEPT = ("identity", "limits", "deadline", "drift", "polling")
"""What of an entry holds in the copy as it is. Hours, maintenance and pauses do not: nobody could wait for them."""
_TIMES = {
    "timeouts": {"connect": "2s", "read": "2s", "total": "4s"},
    "retry": {"quick": ["100ms", "200ms", "400ms"], "longest": "2s", "horizon": "76h", "jitter": 0.2},
    "breaker": {"pause": "1s", "longest": "3s"},
}
"""Waits that a run can see the end of. The horizon is long: what is given up must have a reason, not a time."""
_DOUBT_AFTER = "2s"
_UNSAID = {"lapor_xml": Repeat.NEITHER}
"""Of the kinds whose entries say nothing about repeating, those that do not honour a key."""


def parts_of(config: Config) -> list[Part]:
    """Who plays each destination. Whatever is not the national system is played by a ministry of the same conduct."""
    return [_part(name, entry.kind.name, entry.entry.options) for name, entry in config.destinations.items()]


def scratch_config(text: str, parts: list[Part], addresses: Mapping[str, str]) -> str:
    """A configuration file for the copy, from the text of the operator's and the addresses of who plays whom."""
    root: Any = read_yaml(text, Problems("")).plain()
    entries = root["destinations"]
    root["destinations"] = {part.name: _entry(entries[part.name], part, addresses[part.name]) for part in parts}
    for owner in _with_institution(root):
        owner["institution"] = TARGET_INSTITUTION
    root.pop("settings", None)
    root.pop("calendar", None)
    return json.dumps(root, ensure_ascii=False, indent=1, default=str)


def topics_of(text: str) -> list[str]:
    """Words that send a report somewhere: keywords of the rules, names of agencies. Each is of one rule or agency."""
    root: Any = read_yaml(text, Problems("")).plain()
    rules = (root.get("routes") or {}).get("rules") or []
    spoken = [_first(rule.get("when", {}).get("keywords")) for rule in rules if isinstance(rule, dict)]
    agencies = root.get("directory") or {}
    return [*(word for word in spoken if word), *agencies]


def _part(name: str, kind: str, options: object) -> Part:
    if kind == SP4N:
        return Part(name, "sp4n", Repeat.NEITHER)
    stated = getattr(options, "repeat", None) or _UNSAID.get(kind, Repeat.DEDUPES)
    return Part(name, "ministry", Repeat(stated))


def _entry(own: dict[str, Any], part: Part, address: str) -> dict[str, Any]:
    kept = {name: own[name] for name in _KEPT if own.get(name) is not None}
    doubt = {"after": _DOUBT_AFTER, "then": (own.get("uncertain") or {}).get("then", "wait")}
    played = {"url": address, "private_hosts": [HOST], "uncertain": doubt, **_TIMES}
    return {**kept, **played, **(_sp4n() if part.played_by == SP4N else _ministry(part))}


def _sp4n() -> dict[str, Any]:
    options = {
        "user_id": 1201,
        "institution_id": INSTITUTION_ID,
        "target_institution": TARGET_INSTITUTION,
        "lookup_delay": 0.5,
    }
    return {"adapter": SP4N, "secrets": {"token": "percobaan", "second_token": "percobaan"}, "options": options}


def _ministry(part: Part) -> dict[str, Any]:
    options = {"path": PATH, "repeat": part.repeat.value, "lookup_delay": 0.5}
    return {"adapter": f"{MINISTRY}_rest", "secrets": {"signing_secret": SECRET}, "options": options}


def _with_institution(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping under the directory and the rules that names an institution of the real national system."""
    if isinstance(value, dict):
        if "institution" in value:
            yield value
        for inner in value.values():
            yield from _with_institution(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _with_institution(inner)


def _first(keywords: Any) -> str | None:
    """The first keyword as a whole word; `*` stands for any ending."""
    words = [keywords] if isinstance(keywords, str) else keywords or []
    return str(words[0]).rstrip("*") if words else None
