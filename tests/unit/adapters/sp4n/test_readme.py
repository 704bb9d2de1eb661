"""The page for operators: what it shows can be used, and the defaults that it names are the defaults."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from adapters.destinations.sp4n import adapter
from adapters.destinations.sp4n.adapter import KIND
from adapters.destinations.sp4n.options import Paths
from tests.unit.adapters.sp4n.builders import options

README = (Path(adapter.__file__).parent / "README.md").read_text("utf-8")
SPELLED = {"none": None, "empty": "", "Bearer and a space": "Bearer ", "{}": {}, "as below": Paths().model_dump()}


def test_the_entry_that_it_shows_can_be_used() -> None:
    (shown,) = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    entry = yaml.safe_load(shown)["destinations"]["sp4n"]

    assert entry["adapter"] == KIND.name
    assert set(entry["secrets"]) == set(KIND.secret_names)
    assert KIND.options.model_validate(entry["options"])


def test_the_defaults_that_it_names_are_the_defaults() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", README.split("| option |")[1].split("\n\n")[0], re.MULTILINE)
    told = {name: SPELLED.get(value, value) for name, value in rows if value != "required"}
    defaults = options().model_dump(mode="json", exclude={"user_id", "institution_id"})

    assert {name: str(value) for name, value in told.items()} == {
        name: _spelled(value) for name, value in defaults.items()
    }


def _spelled(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_it_names_every_path() -> None:
    assert [name for name in Paths.model_fields if f"`{name}`" not in README] == []
