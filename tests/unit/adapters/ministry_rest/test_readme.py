"""The page for ministries: what it shows is what is sent, and its code runs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from standardwebhooks import WebhookVerificationError

from adapters.destinations.ministry_rest import adapter
from adapters.destinations.ministry_rest.adapter import KIND
from adapters.destinations.ministry_rest.signing import SIGNING_SECRET
from adapters.destinations.ministry_rest.simulator import PATH, SECRET
from tests.fakes.cases import a_case
from tests.unit.adapters.ministry_rest.builders import a_ministry

FOLDER = Path(adapter.__file__).parent
README = (FOLDER / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_request_that_it_shows_is_the_one_that_is_sent() -> None:
    shown, *_ = blocks("json")
    sent = json.loads((FOLDER / "fixtures" / "created_bare.call.json").read_text("utf-8"))
    assert json.loads(shown) == sent["body"]


def test_the_entry_that_it_shows_can_be_used() -> None:
    (shown,) = blocks("yaml")
    (entry,) = yaml.safe_load(shown)["destinations"].values()
    assert entry["adapter"] == KIND.name
    assert {SIGNING_SECRET} <= set(entry["secrets"]) <= set(KIND.optional_secrets)
    assert set(entry["options"]) <= KIND.options.model_validate(entry["options"]).model_fields_set


def test_the_code_that_it_shows_checks_signatures() -> None:
    names: dict[str, Any] = {}
    for block in blocks("python"):
        exec(block, names)  # noqa: S102 - the page's own examples
    ministry, case = a_ministry(), a_case()
    step = ministry.next_step(case)
    assert step is not None
    call = ministry.build(case, step, datetime.now(UTC))
    headers = dict(call.headers)
    assert names["checked"](SECRET, headers, call.body)["id"] == str(case.report_id)
    assert names["is_ours"](SECRET, headers, call.body)
    assert not names["is_ours"](SECRET, headers, call.body + b" ")
    with pytest.raises(WebhookVerificationError):
        names["checked"](SECRET, headers, call.body + b" ")


def test_the_simulator_is_at_home_where_it_says() -> None:
    assert f"at `{PATH}`" in README
    assert f"`{SECRET}`" in README


def test_the_defaults_that_it_names_are_the_defaults() -> None:
    rows = dict(
        re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", README.split("| option |")[1].split("| secret |")[0], re.MULTILINE)
    )
    told = {name: [part.strip("` ") for part in value.split(",")] for name, value in rows.items()}
    defaults = KIND.options().model_dump(mode="json")
    spelled = {"path": ["empty"], "lookup_path": ["{path}?idempotency_key={key}"]}
    spelled |= {name: ["none"] for name in ("auth", "tls", "answers", "payload")}
    expected = {
        name: spelled.get(name) or (value if isinstance(value, list) else [_spelled(value)])
        for name, value in defaults.items()
    }
    assert told == expected


def _spelled(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).lower() if isinstance(value, bool) else str(value)
