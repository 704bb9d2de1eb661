"""A process that has imported the gateway and run nothing of it: each of its forks becomes a process of the gateway.

Importing costs a process more processor time than most tests need for the rest. A fork has paid already and is a real
process all the same: its own pid, environment, folder, streams and death. `forked.py` asks for one with a line of JSON
and four files: its three streams, and where its pid and later its exit code are written.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from gateway.cli import main
from gateway.cli.tree import COMMANDS

STREAMS = 3
TOLD = struct.Struct("i")
"""The pid, and later the exit code."""


def load() -> None:
    """Import every command, and see that no thread came of it: a fork has only the one that forked."""
    for entry in COMMANDS:
        import_module(f"gateway.cli.{entry.module}")
    gc.collect()
    gc.freeze()
    threads = Path("/proc/self/task")
    assert not threads.exists() or len([*threads.iterdir()]) == 1


def serve(asked: socket.socket) -> None:
    """Fork whenever a process is asked for. Returns in each fork, to be that process; ends when nobody can ask more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        line, files = next_request(asked)
        if not line:
            os._exit(0)
        if os.fork() == 0:
            asked.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return watch_over(json.loads(line), files)
        for file in files:
            os.close(file)


def next_request(asked: socket.socket) -> tuple[bytes, list[int]]:
    """The next line and its files; nothing when the other end is closed."""
    line, files, _, _ = socket.recv_fds(asked, 65536, STREAMS + 1)
    while line and not line.endswith(b"\n"):
        line += asked.recv(65536)
    return line, files


def watch_over(request: dict[str, Any], files: Sequence[int]) -> None:
    """Fork once more and return in the fork; the one that watches tells its pid and how it ended, and ends too."""
    *streams, told = files
    pid = os.fork()
    if pid == 0:
        os.close(told)
        return become(request, streams)
    for stream in streams:
        os.close(stream)
    os.write(told, TOLD.pack(pid))
    _, status = os.waitpid(pid, 0)
    os.write(told, TOLD.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def become(request: dict[str, Any], streams: Sequence[int]) -> None:
    """Take on the streams, the folder, the environment and the arguments that were asked for."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv[1:] = request["arguments"]


if __name__ == "__main__":
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
    main()
