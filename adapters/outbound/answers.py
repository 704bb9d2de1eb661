"""Rules of an entry for what an answer means, for destinations whose answers are not what they seem.

Order: `refuse_when`, `defer_when`, `accept_when`, then what the adapter says by itself; in each list the first rule
that fits decides. What denies stands before what accepts, so that a success that carries an error inside is none.
Only whole answers are looked at: no rule can make certain what a broken connection left open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Self

import orjson
from pydantic import Field, StringConstraints, field_validator, model_validator

from adapters.contract import Reply
from adapters.outbound.pointers import ABSENT, at_pointer
from schemas.base import Json, Schema
from schemas.handoff import OutcomeKind

TEXT_LIMIT = 4096
"""Characters of a value that a regular expression is given: what it costs must not be the answerer's choice."""

Status = Annotated[int, Field(ge=100, le=599)] | Annotated[str, StringConstraints(pattern=r"^[1-5]xx$")]
Reason = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class Question(Schema):
    """One question to a value: `equals`, `exists` or `matches` (a regular expression, searched for), exactly one."""

    equals: Json = None
    exists: bool | None = None
    matches: str | None = Field(default=None, max_length=500)

    @field_validator("matches")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"`{pattern}` is no regular expression: {error}") from error
        return pattern

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if len(self.model_fields_set & {"equals", "exists", "matches"}) != 1:
            raise ValueError("write exactly one of equals, exists and matches")
        return self

    def holds(self, value: Json) -> bool:
        """Whether the value, or ABSENT, is as asked."""
        if self.exists is not None:
            return (value is not ABSENT) == self.exists
        if self.matches is not None:
            return value is not ABSENT and re.search(self.matches, _text(value)[:TEXT_LIMIT]) is not None
        return type(value) is type(self.equals) and value == self.equals


class BodyQuestion(Question):
    """A question to the value at a JSON pointer."""

    pointer: str

    @field_validator("pointer")
    @classmethod
    def _points(cls, pointer: str) -> str:
        if not re.fullmatch(r"(/([^/~]|~[01])*)+", pointer):
            raise ValueError(f"`{pointer}` is no JSON pointer; begin each step with /, such as /error/code (RFC 6901)")
        return pointer


class HeaderQuestion(Question):
    """A question to a header; names in any case."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100, to_lower=True)]


class Rule(Schema):
    """All of it must hold. `reason` stands in the record of the attempt."""

    status: Status | tuple[Status, ...] = ()
    headers: tuple[HeaderQuestion, ...] = ()
    body: tuple[BodyQuestion, ...] = ()
    reason: Reason | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not (self.status or self.headers or self.body):
            raise ValueError("fits every answer; write `status`, `headers` or `body`")
        return self

    def fits(self, reply: Reply, body: Json) -> bool:
        """Whether a whole answer is of this kind; `body` is ABSENT when it is no JSON."""
        statuses = self.status if isinstance(self.status, tuple) else (self.status,)
        return (
            (not statuses or reply.status in statuses or f"{reply.status // 100}xx" in statuses)
            and all(one.holds(reply.headers.get(one.name, ABSENT)) for one in self.headers)
            and all(one.holds(at_pointer(body, one.pointer)) for one in self.body)
        )


class Rules(Schema):
    """The rules of one destination."""

    refuse_when: tuple[Rule, ...] = ()
    defer_when: tuple[Rule, ...] = ()
    accept_when: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say of an answer: delivered, deferred or refused, and why."""

    kind: OutcomeKind
    reason: str


def ruling(rules: Rules, reply: Reply) -> Ruling | None:
    """What the first rule that fits says; None when none does, or the answer is not whole."""
    if reply.fault is not None or reply.truncated:
        return None
    body = _json(reply.body)
    for kind, listed, usual in (
        (OutcomeKind.REFUSED, rules.refuse_when, "refused_by_rule"),
        (OutcomeKind.DEFERRED, rules.defer_when, "deferred_by_rule"),
        (OutcomeKind.DELIVERED, rules.accept_when, "accepted_by_rule"),
    ):
        for rule in listed:
            if rule.fits(reply, body):
                return Ruling(kind, rule.reason or usual)
    return None


def _json(body: bytes) -> Json:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return ABSENT


def _text(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
