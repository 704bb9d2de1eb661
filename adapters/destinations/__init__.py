"""Every destination adapter there is: one visible line each."""

from __future__ import annotations

from adapters.contract import DestinationKind
from adapters.destinations.ministry_rest.adapter import KIND as MINISTRY_REST

DESTINATIONS: dict[str, DestinationKind] = {
    "ministry_rest": MINISTRY_REST,
}
