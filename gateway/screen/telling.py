"""Checks that tell whoever handles a report something; none of them holds one."""

from __future__ import annotations

from gateway.screen import elsewhere, emergencies
from gateway.screen.base import Sight
from gateway.screen.reading import Reading

_NOTED = 0.1
_NUMBERS = "112 (all), 119 (ambulance), 110 (police)"


def emergency(reading: Reading) -> Sight | None:
    """Life or limb in danger, now."""
    if not _tells_of_danger(reading) or _is_past(reading):
        return None
    return Sight(1.0, f"names an emergency: call {_NUMBERS} at once")


def danger(reading: Reading) -> Sight | None:
    """Life or limb in danger, before or perhaps."""
    if not _tells_of_danger(reading) or not _is_past(reading):
        return None
    return Sight(0.5, "tells of danger that is past or feared")


def _tells_of_danger(reading: Reading) -> bool:
    return "dana darurat" not in reading.said and not reading.said.isdisjoint(emergencies.EMERGENCY)


def _is_past(reading: Reading) -> bool:
    return not reading.said.isdisjoint(emergencies.NOT_NOW) and reading.said.isdisjoint(emergencies.NOW)


def court_matter(reading: Reading) -> Sight | None:
    """A matter before a court."""
    if not reading.said & elsewhere.COURT:
        return None
    return Sight(
        _NOTED, "may be before a court, outside LAPOR!: the court itself, Badan Pengawasan MA, Komisi Yudisial"
    )


def legislation(reading: Reading) -> Sight | None:
    """A law to be made or changed."""
    if not reading.said & elsewhere.LEGISLATION:
        return None
    return Sight(_NOTED, "may be about legislation, outside LAPOR!: DPR or DPRD")


def corruption(reading: Reading) -> Sight | None:
    """A crime of office."""
    if not reading.said & elsewhere.CORRUPTION:
        return None
    return Sight(_NOTED, "may be a case of corruption, outside LAPOR!: KPK (198), Kejaksaan or Polri")


def crime(reading: Reading) -> Sight | None:
    """A crime for the police."""
    return (
        Sight(_NOTED, "may be a criminal case, outside LAPOR!: Polri (110)") if reading.said & elsewhere.CRIME else None
    )


def impossible_nik(reading: Reading) -> Sight | None:
    """A number that is called a NIK, and is none: 16 digits of region, birth date and serial."""
    return Sight(0.5, "calls a number a NIK that cannot be one") if reading.wrong_nik else None
