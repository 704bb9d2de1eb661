"""An entry of the national system, its adapter, and cases part of the way through."""

from __future__ import annotations

import json
from typing import Any

from adapters.contract import Case, DestinationEntry, Reply
from adapters.destinations.sp4n.adapter import Sp4n, build
from adapters.destinations.sp4n.options import Options
from adapters.destinations.sp4n.simulator import INSTITUTION_ID
from tests.fakes.cases import a_case

URL = "https://api.lapor.example/konsolidasi/1.0"
CREATED = {"complaint_id": "5000001", "tracking_id": "9100001"}
TARGET = "4"


def options(**changes: Any) -> Options:
    """Those of a channel that has only its two ids."""
    return Options.model_validate({"user_id": 4711, "institution_id": INSTITUTION_ID} | changes)


def an_entry(url: str = URL, *, secrets: dict[str, str] | None = None, **changes: Any) -> DestinationEntry:
    """An entry with tokens that the simulator takes."""
    return DestinationEntry(
        name="sp4n",
        url=url,
        options=options(**changes),
        secrets={"token": "token-contoh", "second_token": "{token-kedua}"} | (secrets or {}),
        private_hosts=frozenset({"127.0.0.1"}),
    )


def an_adapter(**changes: Any) -> Sp4n:
    """The adapter of such an entry."""
    return build(an_entry(**changes))


def uploaded(*ids: int, **changes: Any) -> Case:
    """A case whose files are up."""
    return a_case(progress={"files": {"ids": list(ids)}}, **changes)


def created(**changes: Any) -> Case:
    """A case whose complaint is there, not passed on yet."""
    progress = {"files": {"ids": [70001]}, "complaint": CREATED} | changes.pop("progress", {})
    return a_case(progress=progress, **changes)


def answered(body: Any = b"", status: int = 200, **changes: Any) -> Reply:
    """A reply; what is no bytes goes as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status=status, body=content, **changes)
