"""The tables that are printed, as Markdown: a line for each system, and each ratio with its spread."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.meter import ROLES
from benchmarks.rounds import Round

Rounds = Mapping[str, Sequence[Round]]
_MEBI = 1 << 20


def print_table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """One table; the first column is text, the others are numbers."""
    print("\n| " + " | ".join(heads) + " |")
    print("| --- |" + " ---: |" * (len(heads) - 1))
    for line in lines:
        print("| " + " | ".join(line) + " |")
    print(flush=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure: how many a second, and processor seconds for 1,000."""

    rate: float
    cpu: float


def print_measured(subject: str, found: Mapping[str, Sequence[Measured]]) -> None:
    """A line for each: medians, and in brackets the spread; the ratios compare it with the first line."""
    found = {name: figures for name, figures in found.items() if figures}
    first = next(iter(found.values()), ())
    lines = []
    for name, figures in found.items():
        pairs = list(zip(first, figures, strict=False))
        lines.append(
            [
                name,
                f"{statistics.median(one.rate for one in figures):,.0f}",
                f"{statistics.median(one.cpu for one in figures):.2f}",
                spread([ours.rate / other.rate for ours, other in pairs]),
                spread([other.cpu / ours.cpu for ours, other in pairs if ours.cpu]),
            ]
        )
    print_table([subject, "a second", "CPU-s/1,000", "first line's rate : this", "this CPU : first line's"], lines)


def print_systems(rounds: Rounds) -> None:
    """Medians over the rounds of each system."""
    heads = ["system", "reports/s", "CPU-s/1,000", *ROLES, "at 50/s", "p50 ms", "p99 ms", "80 %: p50", "p99", "MB"]
    print_table(heads, [_line(name, of_one) for name, of_one in rounds.items()])
    for name, of_one in rounds.items():
        for wrong in {each.wrong for each in of_one if each.wrong}:
            print(f"WRONG: {name}: {wrong}", flush=True)


def print_ratios(rounds: Rounds, ours: Sequence[str]) -> None:
    """How many times more each other system took than each of ours, round by round: median (least to most)."""
    lines = []
    for our in ours:
        for name in rounds:
            if name in ours or not rounds[name] or not rounds.get(our):
                continue
            pairs = list(zip(rounds[name], rounds[our], strict=False))
            lines.append([f"{name} : {our}", *(spread([of(a) / of(b) for a, b in pairs if of(b)]) for of in RATIOS)])
    print_table(["ratio", "CPU of a report", "CPU at 50/s", "time of a report", "p99 at 50/s", "memory"], lines)


def cpu(one: Round) -> float:
    """Processor seconds for 1,000 reports at full speed, all roles."""
    return sum(one.burst.cpu.values())


def calm_cpu(one: Round) -> float:
    """The same at 50 reports a second."""
    return sum(one.calm.cpu.values())


def memory(one: Round) -> float:
    """The most memory held, all roles together, in MB."""
    return sum(one.memory.values()) / _MEBI


def calm_p99(one: Round) -> float:
    """Milliseconds within which 99 of 100 reports came to both destinations, at 50 a second."""
    return one.calm.percentile(99) * 1000


RATIOS: tuple[Callable[[Round], float], ...] = (
    cpu,
    calm_cpu,
    lambda one: 1 / one.burst.rate if one.burst.rate else 0.0,
    calm_p99,
    memory,
)


def _line(name: str, rounds: Sequence[Round]) -> list[str]:
    def middle(of: Callable[[Round], float]) -> float:
        return statistics.median(map(of, rounds))

    return [
        name,
        f"{middle(lambda one: one.burst.rate):,.0f}",
        f"**{middle(cpu):.2f}**",
        *(f"{middle(lambda one, role=role: one.burst.cpu.get(role, 0.0)):.2f}" for role in ROLES),  # type: ignore[misc]
        f"{middle(calm_cpu):.2f}",
        f"{middle(lambda one: one.calm.percentile(50) * 1000):.0f}",
        f"{middle(calm_p99):.0f}",
        f"{middle(lambda one: one.near_limit.percentile(50) * 1000):.0f}",
        f"{middle(lambda one: one.near_limit.percentile(99) * 1000):.0f}",
        f"{middle(memory):.0f}",
    ]


def spread(ratios: Sequence[float]) -> str:
    """Their median, and in brackets the least and the most."""
    if not ratios:
        return "–"
    return f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
