"""The servers for the tests: those that answer are used, others are started and taken away, what is missing is said."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.chaos.ports import free_ports, port_for
from scripts.servers import KINDS, ServerKind, Unavailable
from scripts.services import Provided, provide, provide_browser, refused

CLOSED = {"PostgreSQL": "postgresql://nobody@127.0.0.1:1", "RabbitMQ": "amqp://guest:guest@127.0.0.1:1//"}


def server(answers: bool, start: str | None) -> ServerKind:
    def started(_folder: Path, _stack: ExitStack) -> str:
        if start is None:
            raise Unavailable("Debian: apt-get install it")
        return start

    return ServerKind("It", "SP4N_TEST_IT", "it://user@standard", lambda _url: answers, started)


def test_a_server_that_answers_is_used(tmp_path: Path) -> None:
    with ExitStack() as stack:
        provided = provide(server(answers=True, start=None), {}, stack, tmp_path)
    assert provided == Provided("SP4N_TEST_IT", "it://user@standard", "It: the one that answers at standard")


def test_the_address_in_the_environment_comes_first(tmp_path: Path) -> None:
    with ExitStack() as stack:
        provided = provide(server(answers=True, start=None), {"SP4N_TEST_IT": "it://user@mine"}, stack, tmp_path)
    assert provided.url == "it://user@mine"


def test_a_throw_away_server_stands_in_for_one_that_does_not_answer(tmp_path: Path) -> None:
    with ExitStack() as stack:
        provided = provide(server(answers=False, start="it://user@other"), {}, stack, tmp_path)
    assert provided == Provided("SP4N_TEST_IT", "it://user@other", "It: a throw-away one at other")


def test_what_cannot_be_had_is_left_out_and_said(tmp_path: Path) -> None:
    with ExitStack() as stack:
        provided = provide(server(answers=False, start=None), {}, stack, tmp_path)
    assert provided.url is None
    assert provided.note == "It: LEFT OUT, its tests skip. Debian: apt-get install it"


@pytest.mark.parametrize(
    ("environment", "url", "expected"),
    [({}, None, False), ({"CI": "true"}, None, True), ({"CI": "true"}, "it://", False), ({"CI": "false"}, None, False)],
)
def test_only_continuous_integration_refuses_to_run_without_a_server(
    environment: dict[str, str], url: str | None, expected: bool
) -> None:
    assert refused([Provided("SP4N_TEST_IT", url, "")], environment) is expected


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nobody_answers_on_a_closed_port(kind: ServerKind) -> None:
    assert not kind.answers(CLOSED[kind.name])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_throw_away_server_answers_until_it_is_taken_away(kind: ServerKind) -> None:
    """In a folder of its own: the server runs as another user, who may not look into the runner's folders."""
    with tempfile.TemporaryDirectory(prefix=f"{kind.name}-") as folder:
        Path(folder).chmod(0o755)
        with ExitStack() as stack:
            try:
                url = kind.start(Path(folder), stack)
            except Unavailable as missing:
                if os.environ.get("CI") == "true":
                    raise
                pytest.skip(str(missing))
            assert kind.answers(url)
        assert not kind.answers(url)


def test_a_browser_that_does_not_start_is_left_out_and_said() -> None:
    provided = provide_browser({"SP4N_TEST_CHROMIUM": "/bin/false"})
    assert (provided.url, "LEFT OUT" in provided.note) == (None, True)


def test_a_preferred_port_that_is_taken_is_left_alone() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        assert port_for(taken) != taken
        assert free_ports(3, first=taken - 1, until=taken + 30) > taken


def test_the_command_gets_the_addresses_and_its_exit_code_is_kept() -> None:
    program = "import os, sys; sys.exit(3 if os.environ['SP4N_TEST_POSTGRESQL'] else 4)"
    done = subprocess.run([sys.executable, "-m", "scripts.services", sys.executable, "-c", program], check=False)
    assert done.returncode == 3
