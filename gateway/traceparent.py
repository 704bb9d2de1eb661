"""The context of a trace as it travels in a header: W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/)."""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass, replace

HEADER = "traceparent"

_SHAPE = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_SAMPLED = 0x01


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in a trace: its id (32 hex digits), the span there (16 hex digits), and whether it is recorded."""

    trace_id: str
    span_id: str
    sampled: bool = False

    @property
    def header(self) -> str:
        """As it is sent and kept."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"

    def at(self, span: bytes) -> Trace:
        """Another span of the same trace; `span` has eight bytes."""
        return replace(self, span_id=span.hex())


current: ContextVar[Trace | None] = ContextVar("trace", default=None)
"""The trace of the request that is being worked on."""


def parsed(text: str | None) -> Trace | None:
    """What a header says; None for one that is missing or that no conforming sender writes (section 4.3)."""
    found = _SHAPE.fullmatch(text.strip()) if text else None
    if found is None or (found[1] == "00" and found[5]):
        return None
    return Trace(found[2], found[3], bool(int(found[4], 16) & _SAMPLED))


def continued(header: str | None, entropy: bytes) -> Trace:
    """A new span of the trace that a header names, or of a new one. `entropy` has 24 random bytes."""
    before = parsed(header)
    if before is None:
        return Trace(entropy[8:24].hex(), entropy[:8].hex())
    return before.at(entropy[:8])
