"""Fixtures of destinations: `<name>.case.json` is a case and its entry, `<name>.call.json` the request that it becomes.

`python -m tests.contracts.golden` writes the requests that are missing; read them before they are committed.
"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from adapters.contract import Call, Case
from adapters.destinations import DESTINATIONS
from tests.contracts.subjects import FOLDER, Simulated, entries_of

_case = TypeAdapter(Case)


def fixtures() -> list[Path]:
    """The case files of every destination."""
    return [path for kind in DESTINATIONS for path in sorted((FOLDER / kind / "fixtures").glob("*.case.json"))]


def golden_of(path: Path) -> Path:
    """The file of the request that belongs to a case file."""
    return path.with_name(path.name.replace(".case.json", ".call.json"))


def shown_call(path: Path) -> dict[str, Any]:
    """The request of a case file, in JSON.

    The file holds `entry` (the name of an entry file), `options` (in place of those of the entry), `at`, `case`, and
    `lookup` (the name of the step that is to be asked about), if it is no usual step.
    """
    written = json.loads(path.read_text("utf-8"))
    subject = entries_of(path.parent.parent.name)[written["entry"]]
    options = subject.written.get("options", {}) | written.get("options", {})
    destination = Simulated(subject.name, subject.kind, subject.written | {"options": options}).destination()
    case = _case.validate_json(json.dumps(written["case"]))
    step = destination.lookup_step(case, written["lookup"]) if "lookup" in written else destination.next_step(case)
    assert step is not None, f"{path.name}: every step is done already"
    call = destination.build(case, step, datetime.fromisoformat(written["at"]))
    return {
        "step": step.name,
        "method": call.method,
        "url": call.url,
        "headers": [f"{name}: {value}" for name, value in call.headers],
        "key": call.key,
        "fresh": call.fresh,
        **_shown_body(call),
    }


def _shown_body(call: Call) -> dict[str, Any]:
    """JSON as JSON, text as lines, other bytes in base64. The bytes of JSON are held by their length."""
    try:
        text = call.body.decode()
    except UnicodeDecodeError:
        return {"body_base64": b64encode(call.body).decode()}
    try:
        return {"body_bytes": len(call.body), "body": json.loads(text)}
    except ValueError:
        return {"body_text": text.split("\n")} if text else {}


def _write_missing() -> None:
    for path in fixtures():
        if not golden_of(path).exists():
            golden_of(path).write_text(json.dumps(shown_call(path), ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    _write_missing()
