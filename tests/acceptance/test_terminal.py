"""What a person at a terminal is asked, and that what they type unseen stays unseen."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from pathlib import Path

from tests.acceptance.programs import PATIENCE, around, command, ran


def on_a_terminal(arguments: list[str], typed: list[tuple[bytes, bytes]], environ: dict[str, str]) -> tuple[int, bytes]:
    """Run a command on a terminal, typing each answer when its prompt has come."""
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    process = subprocess.Popen(command(*arguments), env=around(environ), start_new_session=True, **streams)
    os.close(theirs)
    said = b""
    while select.select([ours], [], [], PATIENCE)[0]:
        try:
            said += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if typed and typed[0][0] in said:
            os.write(ours, typed.pop(0)[1] + b"\n")
    os.close(ours)
    return process.wait(PATIENCE), said


def test_secrets_are_asked_for_and_never_shown(tmp_path: Path) -> None:
    environ = {"SP4N_GATEWAY_DATA_DIR": str(tmp_path / "data")}
    secrets = [
        (b"app_secret: ", b"rahasia-satu"),
        (b"verify_token: ", b"rahasia-dua"),
        (b"access_token: ", b"rahasia-tiga"),
    ]
    code, said = on_a_terminal(["channel", "add", "wa", "--adapter", "whatsapp"], secrets, environ)
    assert (code, b"Channel made: wa" in said, b"rahasia" in said) == (0, True, False)


def test_a_question_on_a_terminal_is_answered_there(tmp_path: Path) -> None:
    environ = {"SP4N_GATEWAY_DATA_DIR": str(tmp_path / "data")}
    assert ran("channel", "add", "loket", environ=environ).returncode == 0
    code, said = on_a_terminal(["channel", "close", "loket"], [(b"[y/N]: ", b"y")], environ)
    assert (code, b"Closed: loket" in said) == (0, True)
