"""How commands speak: results on stdout as a table or JSON, everything else on stderr.

Values that came from outside (a destination's reference, say) are stripped of control characters, so that nobody can
write to an operator's terminal by way of a report.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 220
"""Columns of a table that goes into a pipe or a file: wide enough that nothing is cut."""

Row = Mapping[str, Any]


def console(*, errors: bool = False) -> Console:
    """A console on stdout or stderr. Markup is off: brackets in values are brackets."""
    from rich.console import Console

    stream = sys.stderr if errors else sys.stdout
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def listing(rows: Iterable[Row], headings: Mapping[str, str], *, as_json: bool, empty: str) -> None:
    """Rows as a table under the headings, or all of them as one JSON array. `empty` is said when there are none."""
    found = list(rows)
    if as_json:
        print_json(found)
    elif not found:
        note(empty)
    else:
        print_table(found, headings)


def print_table(rows: Sequence[Row], headings: Mapping[str, str]) -> None:
    """A table of the columns named in `headings`; numbers stand to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, heading in headings.items():
        numeric = all(isinstance(row.get(name), int | float) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(spelled(row.get(name)) for name in headings))
    console().print(table)


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(_escaped(json.dumps(value, ensure_ascii=False, indent=2, default=_json_value)) + "\n")


def print_json_line(value: object) -> None:
    """One JSON document on a line of its own, out at once."""
    sys.stdout.write(_escaped(json.dumps(value, ensure_ascii=False, default=_json_value)) + "\n")
    sys.stdout.flush()


def tell(text: str, style: str | None = None) -> None:
    """A line of the result."""
    console().print(clean(text), style=style, soft_wrap=True)


def note(text: str) -> None:
    """A remark beside the result, on stderr."""
    console(errors=True).print(clean(text), soft_wrap=True)


def complain(heading: str, detail: str, particulars: Iterable[str] = ()) -> None:
    """An error on stderr: what is wrong, what to do, and each particular on a line."""
    out = console(errors=True)
    out.print(f"{heading}:", style="bold red", soft_wrap=True)
    out.print(f"  {clean(detail)}", soft_wrap=True)
    for particular in particulars:
        out.print(f"  - {clean(particular)}", soft_wrap=True)


def spelled(value: object) -> str:
    """A value as a cell shows it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "ya / yes" if value else "-"
    if isinstance(value, datetime):
        return spelled_time(value)
    return clean(str(value))


def spelled_time(at: datetime) -> str:
    """A time to the second in the machine's own zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def clean(text: str) -> str:
    """The text without characters that could steer a terminal; line breaks stay."""
    return "".join(each if each.isprintable() or each == "\n" else "�" for each in text)


def _escaped(document: str) -> str:
    """The same JSON, with every character that could steer a terminal as an escape."""
    return "\n".join(line if line.isprintable() else _escaped_line(line) for line in document.split("\n"))


def _escaped_line(line: str) -> str:
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in line)


def _json_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
