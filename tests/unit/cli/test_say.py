"""What goes to the terminal: tables, JSON, and never a control character from outside."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from gateway.cli.say import clean, complain, listing, print_json, print_json_line, spelled, tell

HEADINGS = {"name": "nama", "count": "jumlah"}


def test_rows_become_a_table_under_their_headings(capsys: pytest.CaptureFixture[str]) -> None:
    listing([{"name": "sp4n", "count": 7, "hidden": "x"}], HEADINGS, as_json=False, empty="")
    said = capsys.readouterr().out
    assert ("nama" in said, "sp4n" in said, "hidden" in said) == (True, True, False)


def test_json_has_every_field_and_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    listing([{"name": "sp4n", "at": at}], HEADINGS, as_json=True, empty="")
    assert json.loads(capsys.readouterr().out) == [{"name": "sp4n", "at": at.isoformat()}]


def test_an_empty_list_says_so_beside_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    listing([], HEADINGS, as_json=False, empty="Tidak ada")
    said = capsys.readouterr()
    assert (said.out, said.err.strip()) == ("", "Tidak ada")


def test_an_empty_list_in_json_is_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    listing([], HEADINGS, as_json=True, empty="Tidak ada")
    assert json.loads(capsys.readouterr().out) == []


def test_json_lines_are_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    print_json_line({"text": "dua\nbaris"})
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x07", "\x9b31m", "\r", "\x00", "\u202e"])
def test_nothing_from_outside_can_steer_the_terminal(evil: str, capsys: pytest.CaptureFixture[str]) -> None:
    listing([{"name": f"KEM{evil}1", "count": 1}], HEADINGS, as_json=False, empty="")
    tell(f"nomor {evil}")
    complain("Gagal", f"karena {evil}", [evil])
    said = capsys.readouterr()
    assert evil not in said.out + said.err


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x9b31m", "\u202e", "\U000e0041"])
def test_json_escapes_what_could_steer_the_terminal(evil: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_json([evil])
    print_json_line([evil])
    said = capsys.readouterr().out
    assert evil not in said
    assert json.loads(said.splitlines()[-1]) == [evil]


def test_brackets_are_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    tell("[bold]nomor[/bold] [/]")
    assert capsys.readouterr().out == "[bold]nomor[/bold] [/]\n"


def test_a_long_value_in_a_pipe_is_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    tell("x" * 500)
    assert capsys.readouterr().out == "x" * 500 + "\n"


@pytest.mark.parametrize(("value", "expected"), [(None, "-"), (True, "ya / yes"), (False, "-"), (0, "0"), ("a", "a")])
def test_a_value_is_spelled_for_people(value: object, expected: str) -> None:
    assert spelled(value) == expected


def test_line_breaks_stay() -> None:
    assert clean("satu\ndua") == "satu\ndua"
