"""The checks of screening, one row each: what it is called, what it does to the verdict, what it looks at.

A new check is a function from a reading to a sight (how much it weighs from 0 to 1, and why) and one row in CHECKS.
Reasons are told in words and counts: they never quote the report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from gateway.screen import vocabulary
from gateway.screen.mashing import is_mashed, is_unpronounceable
from gateway.screen.reading import Reading
from gateway.wording import index_phrases

SIGN = 0.3
"""What one phrase of advertising, fraud, chains or idle talk weighs: no single one holds a report."""

_INSULTS = index_phrases(vocabulary.ABUSE)
_ANNOUNCING = vocabulary.COURTESY | vocabulary.INTENT | vocabulary.TRYING
_TESTING = vocabulary.COURTESY | vocabulary.TEST | vocabulary.TRYING | vocabulary.TEST_COMPANY
_TESTING_ALOUD = _TESTING | vocabulary.INTENT
_GROUND = vocabulary.PROBLEM | vocabulary.ACTION | vocabulary.PLACE | vocabulary.AGENCY
_SELLING = vocabulary.ADVERT | vocabulary.CALL
_ADDRESSED = frozenset({"anda", "kamu", "yth", "kakak"})
_RANTING = vocabulary.COURTESY | vocabulary.NO_MATTER


class Effect(Enum):
    """What a check that fires does to the verdict."""

    CLEAR = "clear"
    """The report is accepted whatever else fires."""
    KEEP = "keep"
    """It speaks for a report: its weight is taken from what speaks against."""
    ASK = "ask"
    """Something essential is missing."""
    HOLD = "hold"
    """It speaks for no report at all."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a check saw: its weight from 0 to 1, and the reason in words without report text or identity."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table. `missing` names what the reporter is asked for."""

    name: str
    effect: Effect
    look: Callable[[Reading], Sight | None]
    missing: tuple[str, ...] = ()


def emergency(reading: Reading) -> Sight | None:
    """Life or limb in danger."""
    if "dana darurat" in reading.said or not reading.said & vocabulary.EMERGENCY:
        return None
    return Sight(1.0, "names an emergency")


def problem(reading: Reading) -> Sight | None:
    """Something that goes wrong in public."""
    found = len(reading.said & vocabulary.PROBLEM)
    return Sight(0.3 if found == 1 else 0.5, f"names {_count(found, 'public problem')}") if found else None


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


def tells_of_fraud(reading: Reading) -> Sight | None:
    """Somebody met fraud, gambling or a loan shark, and quotes it."""
    return Sight(0.8, "tells of fraud by others") if reading.said & vocabulary.TELLS_OF_FRAUD else None


def filed(reading: Reading) -> Sight | None:
    """Somebody chose a class or a category."""
    return Sight(0.2, "was given a class or a category") if reading.is_filed else None


def empty(reading: Reading) -> Sight | None:
    """Nothing that can be read."""
    if reading.words or reading.files or reading.has_place:
        return None
    seen = "only a link" if reading.links else "only numbers" if reading.has_numbers else "no words"
    return Sight(1.0, f"holds {seen}")


def photo_alone(reading: Reading) -> Sight | None:
    """A photo without a word about it."""
    if not reading.files or not _says_nothing(reading):
        return None
    return Sight(1.0, "a file without words about it")


def place_alone(reading: Reading) -> Sight | None:
    """A place without a word about it."""
    if not reading.has_place or reading.files or not _says_nothing(reading):
        return None
    return Sight(1.0, "a location without words about it")


def greeting_only(reading: Reading) -> Sight | None:
    """A greeting, and nothing after it."""
    if not reading.words or not _all_in(reading, vocabulary.COURTESY):
        return None
    return Sight(1.0, "only greets or thanks")


def announcement_only(reading: Reading) -> Sight | None:
    """`Lapor pak`, and no matter."""
    if not _all_in(reading, _ANNOUNCING) or _all_in(reading, vocabulary.COURTESY):
        return None
    return Sight(1.0, "announces a matter without naming it")


def test_message(reading: Reading) -> Sight | None:
    """Somebody tries whether it works."""
    said = set(reading.words)
    if said & vocabulary.TEST and said <= _TESTING_ALOUD:
        return Sight(1.0, "only says that it is a test")
    if said & vocabulary.TRYING and said <= _TESTING:
        return Sight(1.0, "only tries the channel out")
    return None


def gibberish(reading: Reading) -> Sight | None:
    """Keys hit at random."""
    mashed = sum(map(is_mashed, reading.spelt))
    if not mashed or mashed < 0.6 * len(reading.spelt) or _has_ground(reading):
        return None
    return Sight(1.0, "letters hit at random")


def unreadable(reading: Reading) -> Sight | None:
    """Letters that make no word, though not surely at random."""
    if not reading.words or _has_ground(reading) or not all(map(is_unpronounceable, reading.words)):
        return None
    return Sight(0.6, "no word in it can be read")


def abuse_only(reading: Reading) -> Sight | None:
    """Insults without a matter. With a photo or a place the dog may be a real dog."""
    if reading.files or reading.has_place or not _INSULTS.find(reading.words):
        return None
    rest = set(reading.words) - _RANTING
    return Sight(1.0, "insults without a matter") if all(_INSULTS.find((word,)) for word in rest) else None


def advert(reading: Reading) -> Sight | None:
    """Something is for sale. Only who sells asks to be answered: an offer alone may be what a report complains of."""
    return _signs(reading, _SELLING, "advertising", most=1.0 if _calls(reading) else 0.5)


def scam(reading: Reading) -> Sight | None:
    """Somebody is after money or secrets, and speaks to the reader: who tells of a lottery speaks of himself."""
    addresses = _calls(reading) or not _ADDRESSED.isdisjoint(reading.words)
    extra = 0.2 if reading.links else 0.0
    return _signs(reading, vocabulary.SCAM, "fraud", most=1.0 if addresses else 0.5, extra=extra)


def chain_message(reading: Reading) -> Sight | None:
    """To be passed on for its own sake."""
    return _signs(reading, vocabulary.CHAIN, "a chain message")


def idle_talk(reading: Reading) -> Sight | None:
    """Chat and jokes."""
    return _signs(reading, vocabulary.IDLE, "idle talk")


CHECKS: tuple[Check, ...] = (
    Check("emergency", Effect.CLEAR, emergency),
    Check("problem", Effect.KEEP, problem),
    Check("action", Effect.KEEP, action),
    Check("place", Effect.KEEP, place),
    Check("agency", Effect.KEEP, agency),
    Check("tells_of_fraud", Effect.KEEP, tells_of_fraud),
    Check("filed", Effect.KEEP, filed),
    Check("empty", Effect.ASK, empty, missing=("content",)),
    Check("photo_alone", Effect.ASK, photo_alone, missing=("content",)),
    Check("place_alone", Effect.ASK, place_alone, missing=("content",)),
    Check("greeting_only", Effect.ASK, greeting_only, missing=("content",)),
    Check("announcement_only", Effect.ASK, announcement_only, missing=("content",)),
    Check("unreadable", Effect.ASK, unreadable, missing=("content",)),
    Check("test_message", Effect.HOLD, test_message),
    Check("gibberish", Effect.HOLD, gibberish),
    Check("abuse_only", Effect.HOLD, abuse_only),
    Check("advert", Effect.HOLD, advert),
    Check("scam", Effect.HOLD, scam),
    Check("chain_message", Effect.HOLD, chain_message),
    Check("idle_talk", Effect.HOLD, idle_talk),
)


def _all_in(reading: Reading, known: frozenset[str]) -> bool:
    return bool(reading.words) and known.issuperset(reading.words)


def _says_nothing(reading: Reading) -> bool:
    return _ANNOUNCING.issuperset(reading.words)


def _has_ground(reading: Reading) -> bool:
    return not reading.said.isdisjoint(_GROUND)


def _calls(reading: Reading) -> bool:
    """Whether the writer asks to be answered."""
    return bool(reading.links) or not reading.said.isdisjoint(vocabulary.CALL)


def _signs(reading: Reading, signs: frozenset[str], of: str, *, most: float = 1.0, extra: float = 0.0) -> Sight | None:
    found = reading.said & signs
    if not found:
        return None
    distinct = sum(not any(one != other and one in other for other in found) for one in found)
    return Sight(round(min(most, distinct * SIGN + extra), 2), f"shows {_count(distinct, 'sign')} of {of}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
