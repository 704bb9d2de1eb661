"""Whether the directory of agencies and LAPOR!'s list of institutions agree. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.route.rules import Agency
from gateway.wording import words


def disagreements(directory: Iterable[Agency], institutions: Mapping[str, str]) -> list[str]:
    """What to mend in the directory, in words: ids that the list does not have, or has under another name.

    `institutions` are names by id. An agency agrees when its name or one of its aliases is the institution's name.
    """
    by_name = {_folded(name): code for code, name in institutions.items()}
    found = (_told(agency, institutions, by_name) for agency in directory)
    return [told for told in found if told is not None]


def _told(agency: Agency, institutions: Mapping[str, str], by_name: Mapping[str, str]) -> str | None:
    called = [_folded(name) for name in (agency.name, *agency.aliases)]
    meant = next((by_name[name] for name in called if name in by_name), None)
    if agency.institution is None:
        return f"{agency.name}: has no `institution`; the list has {meant}" if meant else None
    if agency.institution not in institutions:
        instead = f"the list has it as {meant}" if meant else "the list has no institution of its names either"
        return f"{agency.name}: institution {agency.institution} is not in the list; {instead}"
    said = f"{agency.name}: institution {agency.institution} is"
    if meant is None:
        return f"{said} called {institutions[agency.institution]}; add it as alias, or mend the id"
    return None if meant == agency.institution else f"{said} {institutions[agency.institution]}; its own is {meant}"


def _folded(name: str) -> str:
    return " ".join(words(name))
