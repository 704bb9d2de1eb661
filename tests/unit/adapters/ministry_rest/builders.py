"""A ministry's entry and its adapter, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from adapters.contract import DestinationEntry, Reply
from adapters.destinations.ministry_rest.adapter import Ministry, build
from adapters.destinations.ministry_rest.options import Options
from adapters.destinations.ministry_rest.simulator import SECRET

URL = "https://layanan.kementerian.example"


def an_entry(url: str = URL, *, secrets: dict[str, str] | None = None, **options: Any) -> DestinationEntry:
    """An entry with the simulator's secret."""
    return DestinationEntry(
        name="kementerian-contoh",
        url=url,
        options=Options.model_validate({"path": "/cases"} | options),
        secrets={"signing_secret": SECRET} | (secrets or {}),
        private_hosts=frozenset({"127.0.0.1"}),
    )


def a_ministry(**options: Any) -> Ministry:
    """The adapter of such an entry."""
    return build(an_entry(**options))


def answered(body: str | bytes, status: int = 200, **headers: str) -> Reply:
    """A whole reply."""
    content = body.encode() if isinstance(body, str) else body
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)
