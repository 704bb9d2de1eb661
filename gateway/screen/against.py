"""Checks that speak against a report: nothing said, a test, chat, abuse, something for sale, fraud, a chain."""

from __future__ import annotations

from gateway.screen import emergencies, vocabulary
from gateway.screen.base import Sight, count
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
_SUBSTANCE = (
    vocabulary.PROBLEM | vocabulary.PLACE | vocabulary.AGENCY | emergencies.EMERGENCY | vocabulary.TELLS_OF_FRAUD
)
_LINKS = frozenset({"link", "klik"})
_WRONG = vocabulary.PROBLEM | vocabulary.TELLS_OF_FRAUD | emergencies.EMERGENCY
_FEW_WORDS, _MANY_WORDS = 4, 8
_REPORT_LIKE = 0.9
_SELLING = vocabulary.ADVERT | vocabulary.CALL
_ADDRESSED = frozenset({"anda", "kamu", "yth", "kakak"})
_RANTING = vocabulary.COURTESY | vocabulary.NO_MATTER


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


def no_matter(reading: Reading) -> Sight | None:
    """Words, and nothing among them that is a public body's business: no trouble, place, office or category."""
    if not reading.words or reading.files or reading.has_place or reading.is_filed or reading.matters:
        return None
    if _has_substance(reading) or (reading.known >= _MANY_WORDS and reading.leaning >= _REPORT_LIKE):
        return None
    return Sight(0.9, "names nothing that is a public body's business")


def private_talk(reading: Reading) -> Sight | None:
    """Love, food, jokes, ghosts: even beside a public word it is asked about."""
    if reading.files or reading.has_place or reading.is_filed or (reading.matters and _has_substance(reading)):
        return None
    found = len(reading.said & vocabulary.IDLE)
    return Sight(0.5 if found == 1 else 0.8, f"shows {count(found, 'sign')} of private talk") if found else None


def wrong_number(reading: Reading) -> Sight | None:
    """Meant for a friend, the family or a shop."""
    found = len(reading.said & vocabulary.WRONG_NUMBER)
    return Sight(0.5 if found == 1 else 0.8, "seems meant for somebody else") if found else None


def advert(reading: Reading) -> Sight | None:
    """Something is for sale. Only who sells asks to be answered: an offer alone may be what a report complains of."""
    extra = (0.2 if reading.has_price else 0.0) + (0.2 if reading.has_contact else 0.0)
    sells = (_calls(reading) or reading.has_price) and not _quotes(reading)
    return _signs(reading, _SELLING, "advertising", most=1.0 if sells else 0.5, extra=extra)


def scam(reading: Reading) -> Sight | None:
    """Somebody is after money or secrets, and speaks to the reader: who tells of a lottery speaks of himself."""
    addresses = (_calls(reading) or not _ADDRESSED.isdisjoint(reading.words)) and not _quotes(reading)
    extra = 0.2 if reading.links else 0.0
    return _signs(reading, vocabulary.SCAM, "fraud", most=1.0 if addresses else 0.5, extra=extra)


def lure(reading: Reading) -> Sight | None:
    """A link to follow, and nothing that is wrong: a report about a link says what is wrong with it."""
    if not reading.links and reading.said.isdisjoint(_LINKS):
        return None
    return None if not reading.said.isdisjoint(_WRONG) else Sight(0.7, "asks to follow a link and names no trouble")


def chain_message(reading: Reading) -> Sight | None:
    """To be passed on for its own sake."""
    return _signs(reading, vocabulary.CHAIN, "a chain message")


def idle_talk(reading: Reading) -> Sight | None:
    """Chat and jokes."""
    return _signs(reading, vocabulary.IDLE, "idle talk")


def words_of_others(reading: Reading) -> Sight | None:
    """Its words are those of chat, adverts and fraud, as counted. It weighs less than any rule needs to hold alone."""
    if reading.known < _FEW_WORDS or reading.leaning > -0.2:
        return None
    plainly = reading.known > _FEW_WORDS and reading.leaning < -0.6
    return Sight(0.5 if plainly else 0.2, "is written in the words of chat and advertising")


def _all_in(reading: Reading, known: frozenset[str]) -> bool:
    return bool(reading.words) and known.issuperset(reading.words)


def _says_nothing(reading: Reading) -> bool:
    return _ANNOUNCING.issuperset(reading.words)


def _has_ground(reading: Reading) -> bool:
    return not reading.said.isdisjoint(_GROUND)


def _has_substance(reading: Reading) -> bool:
    return not reading.said.isdisjoint(_SUBSTANCE)


def _quotes(reading: Reading) -> bool:
    """Whether the writer tells of what others sent."""
    return not reading.said.isdisjoint(vocabulary.TELLS_OF_FRAUD - vocabulary.FRAUD_TOPICS)


def _calls(reading: Reading) -> bool:
    """Whether the writer asks to be answered."""
    return reading.has_contact or not reading.said.isdisjoint(vocabulary.CALL)


def _signs(reading: Reading, signs: frozenset[str], of: str, *, most: float = 1.0, extra: float = 0.0) -> Sight | None:
    found = reading.said & signs
    if not found:
        return None
    distinct = sum(not any(one != other and one in other for other in found) for one in found)
    return Sight(round(min(most, distinct * SIGN + extra), 2), f"shows {count(distinct, 'sign')} of {of}")
