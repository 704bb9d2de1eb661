"""What people type, read: moments, ids, secrets, and a yes before anything is changed."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import typer

from gateway.cli.say import note
from gateway.duration import parse_duration
from gateway.operations.moments import exact_moment
from schemas.errors import Invalid

NAME_LIMIT = 64


def actor() -> str:
    """Who is named in the record of actions: the user of the operating system, at the command line."""
    return f"cli:{getpass.getuser()}"[:NAME_LIMIT]


def moment(text: str | None, now: datetime) -> datetime | None:
    """A moment as people write it: `2h` or `3d` ago, or a date or time (ISO 8601; without zone it is this machine's).

    Raises Invalid.
    """
    if text is None:
        return None
    try:
        return now - timedelta(seconds=parse_duration(text))
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise Invalid(f"{text!r} is no moment: write how long ago (2h, 3d) or a date (2026-01-31)") from error


def exact(text: str) -> datetime:
    """A moment to the microsecond, with its zone, as a command said it. Raises Invalid."""
    at = exact_moment(text)
    if at is None:
        raise Invalid(f"{text!r} is no exact moment: copy the whole of it")
    return at


def identity(text: str) -> UUID:
    """An id. Raises Invalid."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no id: copy the whole of it from the list") from error


def identities(texts: Iterable[str]) -> list[UUID]:
    """Ids, each once, in order. Raises Invalid."""
    return list(dict.fromkeys(identity(text) for text in texts))


def secret(given: str | None, name: str) -> str:
    """A secret: from a file (`@path`), from standard input (`-`), or typed unseen when nothing is given.

    Anything else is taken as the secret itself, which stays in the shell's history: said, not refused. Only a plain
    `NAME=` makes an empty one. Raises Invalid.
    """
    if given == "":
        return ""
    if given is None and not sys.stdin.isatty():
        raise Invalid(
            f"the secret {name} is missing: give it with --secret {name}=@file, or {name}=- from standard input"
        )
    if given is None:
        value = typer.prompt(name, hide_input=True)
    elif given == "-":
        value = sys.stdin.readline()
    elif given.startswith("@"):
        value = _file_content(Path(given[1:]), name)
    else:
        note(
            f"Rahasia {name} tercatat di riwayat shell / The secret {name} is in the shell's history; @file avoids it."
        )
        value = given
    value = str(value).strip("\r\n")
    if not value:
        raise Invalid(f"the secret {name} is empty")
    return value


def unseen(prompt: str) -> str:
    """What somebody types unseen, or sends on standard input: nothing of it stands in the shell's history."""
    if sys.stdin.isatty():
        return str(typer.prompt(prompt, hide_input=True)).strip()
    return sys.stdin.readline().strip()


def agreed(question: str, *, yes: bool) -> bool:
    """Whether to go on. `--yes` answers beforehand; where nobody can answer it is a no."""
    if yes:
        return True
    with suppress(typer.Abort):
        if typer.confirm(question, err=True):
            return True
    note("\nTidak ada yang diubah / Nothing was changed. (--yes)")
    return False


def _file_content(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"the secret {name} cannot be read from {path}: {error}") from error
