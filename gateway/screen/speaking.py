"""Checks that speak for a report: what is wrong, what is wanted, where, whose business, since when."""

from __future__ import annotations

from gateway.screen import vocabulary
from gateway.screen.base import Sight, count
from gateway.screen.reading import Reading

_MANY_WORDS = 8
_REPORT_LIKE = 1.2
_SELLING_TWICE = 2


def problem(reading: Reading) -> Sight | None:
    """Something that goes wrong in public."""
    found = len(reading.said & vocabulary.PROBLEM)
    return Sight(0.3 if found == 1 else 0.5, f"names {count(found, 'public problem')}") if found else None


def action(reading: Reading) -> Sight | None:
    """Something is to be done or told."""
    return Sight(0.2, "asks for action or an answer") if reading.said & vocabulary.ACTION else None


def place(reading: Reading) -> Sight | None:
    """Where it is."""
    if reading.has_place and reading.words:
        return Sight(0.2, "comes with a location")
    return Sight(0.15, "names a place") if reading.said & vocabulary.PLACE else None


def agency(reading: Reading) -> Sight | None:
    """Who is responsible."""
    return Sight(0.15, "names a public body or service") if reading.said & vocabulary.AGENCY else None


def matter(reading: Reading) -> Sight | None:
    """Something that LAPOR! has a category for."""
    if not reading.matters:
        return None
    return Sight(0.1 if reading.matters == 1 else 0.15, "names a matter that a category is for")


def duration(reading: Reading) -> Sight | None:
    """Since when, or how often."""
    return Sight(0.1, "says since when or how often") if reading.said & vocabulary.SINCE else None


def words_of_reports(reading: Reading) -> Sight | None:
    """Many words, and most of them such as reports are written in. Few words prove nothing."""
    if reading.known < _MANY_WORDS or reading.leaning < _REPORT_LIKE:
        return None
    return Sight(0.15, "is written in the words of reports")


def tells_of_fraud(reading: Reading) -> Sight | None:
    """Somebody met fraud, gambling or a loan shark, and quotes it. Its mere topic may also be what is for sale."""
    found = reading.said & vocabulary.TELLS_OF_FRAUD
    if not found:
        return None
    complains = reading.said & (vocabulary.PROBLEM | vocabulary.ACTION)
    if found <= vocabulary.FRAUD_TOPICS and not complains and len(reading.said & vocabulary.ADVERT) >= _SELLING_TWICE:
        return None
    return Sight(0.8, "tells of fraud by others")


def filed(reading: Reading) -> Sight | None:
    """Somebody chose a class or a category."""
    return Sight(0.2, "was given a class or a category") if reading.is_filed else None
