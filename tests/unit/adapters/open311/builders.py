"""An entry of an Open311 server, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from adapters.contract import DestinationEntry
from adapters.destinations.open311.options import Options
from adapters.destinations.open311.simulator import API_KEY


def an_entry(url: str = "https://kota.example/v2/", **options: Any) -> DestinationEntry:
    known = Options.model_validate({"service_code": "LAIN"} | options)
    return DestinationEntry("kota", url, known, {"api_key": API_KEY}, private_hosts=frozenset({"127.0.0.1"}))
