"""What a person found out about an uncertain handoff, recorded as the result of its last attempt."""

from __future__ import annotations
