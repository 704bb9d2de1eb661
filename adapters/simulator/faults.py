"""Which request is to be spoiled, and how: the rules of misbehaviour, their short spelling, and their counting."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from schemas.errors import Invalid

BEFORE: dict[str, str] = {
    "refused": "nobody listens from this request on, for `seconds` (0: until the faults change)",
    "reset_before": "the connection is reset, the request is not taken",
    "stall_before": "the request is read, not taken and never answered",
    "status": "answered with `status`, and `retry_after` if given, without taking the request",
    "redirect": "answered with a redirect (`status`, 302 unless told otherwise) to another address, not taken",
}
"""What can happen without the request being taken."""

AFTER: dict[str, str] = {
    "reset_after": "taken, then the connection is reset",
    "stall_after": "taken, then nothing is answered",
    "stall_headers": "taken, half of the answer's head is sent, then nothing",
    "stall_body": "taken, the head and half of the body are sent, then nothing",
    "trickle": "taken, the body comes one byte each `seconds` (0: a twentieth) and goes on without end",
    "truncated": "taken, the connection ends before the promised length",
    "close_mid_headers": "taken, the connection ends in the middle of the answer's head",
    "status_after": "taken, then answered with `status`",
    "html": "taken, answered 200 with a page in HTML",
    "no_id": "taken, answered 200 with JSON that names no reference",
    "malformed": "taken, answered 200 with broken JSON",
    "enormous": "taken, answered 200 with a body of 64 MiB",
    "bomb": "taken, answered 200 with a small gzip body that unpacks to 64 MiB",
}
"""What can happen to the answer of a request that was taken."""

KINDS: dict[str, str] = BEFORE | AFTER


@dataclass(frozen=True, slots=True)
class FaultRule:
    """Spoils matching requests.

    `request` is the first matching request that is spoiled, counted from 1; `times` is how many from there on, 0 for
    ever. `probability` spoils each of these by chance, from `seed`. `path` is a regular expression searched for in the
    path. `seconds` is how long a kind that takes time goes on; 0 is the kind's own default, for a stall: until the peer
    leaves. Raises Invalid for a kind that does not exist.
    """

    kind: str
    request: int | None = None
    times: int = 1
    probability: float | None = None
    seed: int = 0
    method: str | None = None
    path: str | None = None
    status: int | None = None
    retry_after: str | None = None
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Invalid(f"no fault is called {self.kind!r}; choose one of {', '.join(KINDS)}")

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is of those that this rule counts."""
        right_method = self.method is None or self.method.upper() == method
        return right_method and (self.path is None or re.search(self.path, path) is not None)


_NUMBERS: dict[str, type[int] | type[float]] = {
    "request": int,
    "times": int,
    "probability": float,
    "seed": int,
    "status": int,
    "seconds": float,
}
_NAMES = {each.name for each in fields(FaultRule)} - {"kind"}
_SETTING = re.compile(rf":(?=(?:{'|'.join(sorted(_NAMES))})=)")


def parse_fault(text: str) -> FaultRule:
    """A rule from its short spelling: `kind`, then `:name=value` for each setting.

    `reset_after:request=3:path=/complaints/complaint$`. A value may hold colons. A rule by chance goes on for ever
    unless `times` says otherwise. Raises Invalid.
    """
    kind, *settings = _SETTING.split(text.strip())
    values: dict[str, str] = dict(_pair(setting) for setting in settings)
    if "probability" in values:
        values.setdefault("times", "0")
    try:
        typed = {name: _NUMBERS.get(name, str)(value) for name, value in values.items()}
    except ValueError as error:
        raise Invalid(f"the fault {text!r} has a number that is none: {error}") from error
    return FaultRule(kind, **typed)  # type: ignore[arg-type]  # _NUMBERS gives each field its type


def _pair(setting: str) -> tuple[str, str]:
    name, _, value = setting.partition("=")
    return name, value


class Mischief:
    """The rules in force, and how often each has met its requests."""

    def __init__(self, rules: Iterable[FaultRule] = (), seed: int = 0) -> None:
        """`seed` shifts the chance of every rule at once."""
        self._counted = [_Counted(rule, f"{seed}:{rule.seed}:{place}") for place, rule in enumerate(rules)]

    @property
    def rules(self) -> tuple[FaultRule, ...]:
        """The rules in force, in order."""
        return tuple(counted.rule for counted in self._counted)

    def meet(self, method: str, path: str) -> FaultRule | None:
        """The rule that spoils this request. Every rule counts it; the first that wants it has it."""
        wanting = [
            counted.rule for counted in self._counted if counted.rule.kind != "refused" and counted.meet(method, path)
        ]
        return wanting[0] if wanting else None

    def outage_due(self, method: str | None = None, path: str = "") -> FaultRule | None:
        """The outage that starts now: after this request has been answered, or before any when no method is given."""
        for counted in self._counted:
            if counted.rule.kind == "refused" and counted.outage_due(method, path):
                return counted.rule
        return None


class _Counted:
    """One rule and its counts."""

    def __init__(self, rule: FaultRule, seed: str) -> None:
        self.rule = rule
        self._chance = random.Random(seed)  # noqa: S311 - reproducible, guards nothing
        self._met = 0
        self._spoilt = 0

    def meet(self, method: str, path: str) -> bool:
        rule = self.rule
        if not rule.matches(method, path):
            return False
        self._met += 1
        late_enough = self._met >= (rule.request or 1)
        left = rule.times == 0 or self._spoilt < rule.times
        spoilt = late_enough and left and (rule.probability is None or self._chance.random() < rule.probability)
        self._spoilt += spoilt
        return spoilt

    def outage_due(self, method: str | None, path: str) -> bool:
        """Nobody can refuse a request already seen: the listener goes deaf after the one before it."""
        if method is not None and self.rule.matches(method, path):
            self._met += 1
        due = self._spoilt == 0 and self._met + 1 >= (self.rule.request or 1)
        self._spoilt += due
        return due
