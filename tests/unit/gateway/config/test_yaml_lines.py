"""YAML with places, and what is told of YAML that is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.yaml_lines import Problems, did_you_mean, read_yaml


def read(text: str) -> tuple[object, list[str]]:
    problems = Problems("f")
    return read_yaml(text, problems).plain(), problems.told()


def test_values_know_their_line_path_and_spelling() -> None:
    root = read_yaml("a:\n  b:\n    - 32.10\n    - {c: yes}\n", Problems("f"))
    first, second = root.at(["a", "b", 0]), root.at(["a", "b", 1, "c"])
    assert (first.line, first.path, first.text, first.value) == (3, "a.b[0]", "32.10", 32.1)
    assert (second.line, second.path, second.text, second.value) == (4, "a.b[1].c", "yes", True)


@pytest.mark.parametrize("steps", [["a", "x"], ["a", 5], ["a", "b", 9], ["a", "b", "c"], ["a", "b", 0, "z"]])
def test_the_entry_furthest_along_a_path_stands_for_what_is_not_there(steps: list[str | int]) -> None:
    root = read_yaml("a:\n  b: [1]\n", Problems("f"))
    assert root.at(steps).path == {"x": "a", "5": "a", "9": "a.b", "c": "a.b", "z": "a.b[0]"}[str(steps[-1])]


def test_plain_values_are_what_yaml_means() -> None:
    plain, told = read("a: [1, x, 2026-01-02, null]\nb: {c: true}\n")
    assert plain == {"a": [1, "x", date(2026, 1, 2), None], "b": {"c": True}}
    assert told == []


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_nothing_is_an_empty_mapping(text: str) -> None:
    assert read(text) == ({}, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1\nb: 2\n", "f:2: this is no YAML:"),
        ("a: 1\n\tb: 2\n", "f:2: this is no YAML:"),
        ("a: \x00", "f:1: this is no YAML: a character that YAML does not allow"),
        ("a: 1\n---\nb: 2\n", "f:2: this is no YAML:"),
        ("- a\n", "f:1: the file must be a mapping"),
        ("word", "f:1: the file must be a mapping"),
        ("a: 1\nb: 2\na: 3\n", "f:3: a: stands twice, first in line 1; keep one of them"),
        ("a: 1\n? [x]\n: 2\n", "f:2: a name must be plain text"),
        ("a: &x\n  b: *x\n", "f:2: a.b: this alias holds itself"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, told: str) -> None:
    _, problems = read(text)
    assert len(problems) == 1
    assert problems[0].startswith(told)


def test_an_alias_may_be_used_again() -> None:
    assert read("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n")[0] == {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}, {"b": 1}]}


@pytest.mark.parametrize(("text", "value"), [("a: 2026-02-31", "2026-02-31"), ("a: !odd x", "x")])
def test_a_scalar_that_is_no_such_thing_stays_text(text: str, value: str) -> None:
    assert read(text) == ({"a": value}, [])


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        ("adaptor", ["adapter", "url"], "did you mean `adapter`?"),
        ("SP4N", ["sp4n"], "did you mean `sp4n`?"),
        ("zzz", ["b", "a"], "write one of: a, b"),
        ("zzz", [], "none can stand here"),
    ],
)
def test_an_unknown_name_is_answered_with_what_to_write(name: str, known: list[str], told: str) -> None:
    assert did_you_mean(name, known) == told


@given(st.text(max_size=80))
def test_any_text_is_read_or_told_about(text: str) -> None:
    plain, _ = read(text)
    assert isinstance(plain, dict)
