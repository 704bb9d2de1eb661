"""Destinations by the names under which people know them."""

from __future__ import annotations

from gateway.config.values import Config

_NATIONAL = "SP4N-LAPOR!"


def agency_names(config: Config) -> dict[str, str]:
    """The names of those that people know: of the directory's agency, if one serves it alone; and the national one."""
    owners: dict[str, list[str]] = {name: [] for name in config.destinations}
    for agency in config.rules.directory:
        if agency.destination in owners:
            owners[agency.destination].append(agency.name)
    national = {name: _NATIONAL for name, entry in config.destinations.items() if entry.kind.name == "sp4n"}
    return national | {name: agencies[0] for name, agencies in owners.items() if len(agencies) == 1}
