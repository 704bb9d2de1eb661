"""What processes have used: processor time by role, and the most memory seen.

A process counts with its children, those that ended too, as the system added them to it. Memory is the proportional
share (PSS): what forked processes still share is counted once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain

import psutil

ROLES = ("server", "workers", "database", "broker")
_EVERY_SECONDS = 0.5
Processes = Mapping[str, Sequence[psutil.Process]]


def cpu_seconds(processes: Processes) -> dict[str, float]:
    """Processor seconds of each role since its processes began."""
    return {role: sum(map(_used, roots)) for role, roots in processes.items()}


def used_since(before: Mapping[str, float], processes: Processes) -> dict[str, float]:
    """Processor seconds of each role since `before` was taken."""
    return {role: seconds - before[role] for role, seconds in cpu_seconds(processes).items()}


def memory_bytes(processes: Processes) -> dict[str, int]:
    """Memory that each role holds now."""
    return {role: sum(map(_held, tree(roots))) for role, roots in processes.items()}


def tree(roots: Sequence[psutil.Process]) -> list[psutil.Process]:
    """The processes and all that they started."""
    return list(chain.from_iterable((root, *_children(root)) for root in roots))


def _used(root: psutil.Process) -> float:
    used = 0.0
    for process in tree([root]):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system + times.children_user + times.children_system
    return used


def _held(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


@dataclass(slots=True)
class Peak:
    """The most memory that each role held at any look."""

    held: dict[str, int] = field(default_factory=dict)

    def look(self, processes: Processes) -> None:
        """Compare with what is held now."""
        for role, held in memory_bytes(processes).items():
            self.held[role] = max(held, self.held.get(role, 0))


@contextmanager
def watching(processes: Processes) -> Iterator[Peak]:
    """Look at the memory twice a second until the end of the block."""
    peak, over = Peak(), threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_SECONDS):
            peak.look(processes)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()
        peak.look(processes)
