"""Every destination's folder: fixtures with their golden requests, an entry to examine, a page for the integrator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.destinations import DESTINATIONS
from tests.contracts.golden import fixtures, golden_of, shown_call
from tests.contracts.subjects import FOLDER, entries_of

each_kind = pytest.mark.parametrize("kind", DESTINATIONS)


@pytest.mark.parametrize("path", fixtures(), ids=lambda path: f"{path.parent.parent.name}-{path.name}")
def test_a_case_becomes_its_golden_request(path: Path) -> None:
    assert shown_call(path) == json.loads(golden_of(path).read_text("utf-8"))


@each_kind
def test_no_golden_request_is_without_its_case(kind: str) -> None:
    folder = FOLDER / kind / "fixtures"
    calls = {path.name.removesuffix(".call.json") for path in folder.glob("*.call.json")}
    cases = {path.name.removesuffix(".case.json") for path in folder.glob("*.case.json")}
    assert (calls, bool(cases)) == (cases, True)


@each_kind
def test_the_folder_has_the_name_of_the_kind_and_an_entry_to_examine(kind: str) -> None:
    assert (DESTINATIONS[kind].name, bool(entries_of(kind))) == (kind, True)


@each_kind
def test_every_adapter_of_the_folder_is_registered(kind: str) -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/adapter.py")}
    assert kind in folders
    assert folders == set(DESTINATIONS)


@each_kind
def test_the_readme_names_every_option_and_secret(kind: str) -> None:
    readme = (FOLDER / kind / "README.md").read_text("utf-8")
    registered = DESTINATIONS[kind]
    named = [*registered.options.model_fields, *registered.secret_names, *registered.optional_secrets]
    assert [name for name in named if f"`{name}`" not in readme] == []


@each_kind
def test_an_option_that_does_not_exist_is_refused(kind: str) -> None:
    for subject in entries_of(kind).values():
        options = subject.written.get("options", {}) | {"no_such_option": 1}
        with pytest.raises(ValueError, match="no_such_option"):
            DESTINATIONS[kind].options.model_validate(options)
