"""What a reporter's message wants of the gateway itself, and whether something may be asked in return."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.joining import LONG_TEXT
from schemas.report import Message
from schemas.tracking import InvalidTrackingCode, parse_tracking_code

_LONGEST = 80


class WishKind(StrEnum):
    """What is wanted."""

    STATUS = "status"
    """How does my report stand?"""
    WITHDRAW = "withdraw"
    """Take my report back."""
    STOP = "stop"
    """Tell me nothing more."""
    START = "start"
    """Tell me things again."""
    NOT_SOLVED = "not_solved"
    """It is said to be over, and is not."""
    RATE = "rate"
    """This is what I think of how it was dealt with."""


OF_AN_ENDED_REPORT = frozenset({WishKind.NOT_SOLVED, WishKind.RATE})
"""What can be wished only of a report that an agency has ended: before that it is part of what is reported."""
ENDED_WITHIN = timedelta(days=30)
"""So long after its end a report can be rated or said not to be solved by a word that names no code."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A word to the gateway itself. `tracking_code`: which report is meant; None: the last one. `rating`: 1 to 5."""

    kind: WishKind
    tracking_code: str | None = None
    rating: int | None = None


_PHRASES: dict[WishKind, tuple[str, ...]] = {
    WishKind.STATUS: (
        "status",
        "cek",
        "check",
        "cek status",
        "cek laporan",
        "status laporan",
        "cek status laporan",
        "status laporan saya",
        "cek laporan saya",
        "bagaimana laporan saya",
        "sampai mana laporan saya",
    ),
    WishKind.WITHDRAW: (
        "batal",
        "batalkan",
        "cabut",
        "batal laporan",
        "batalkan laporan",
        "batalkan laporan saya",
        "cabut laporan",
        "cabut laporan saya",
        "tarik laporan",
        "tarik laporan saya",
    ),
    WishKind.STOP: ("stop", "berhenti", "unsubscribe"),
    WishKind.START: ("mulai", "start"),
    WishKind.NOT_SOLVED: (
        "belum selesai",
        "masih belum selesai",
        "belum tuntas",
        "belum beres",
        "belum diperbaiki",
        "belum ditangani",
        "tidak selesai",
        "belum selesai kok",
        "laporan belum selesai",
        "laporan saya belum selesai",
        "not solved",
    ),
}
_KINDS = {phrase: kind for kind, phrases in _PHRASES.items() for phrase in phrases}
_RATING = re.compile(r"(?:nilai(?:nya)?|rating|skor|bintang)?[ :=]*([1-5])(?: ?(?:/|dari) ?5)?(?: bintang)?")
_FRAME = re.compile(r"^\W+|\W+$")
_CODE = re.compile(r"(?:^|(?<=\s))[0-9A-Za-z]{4}[\W_]{0,3}[0-9A-Za-z]{4}[\W_]{0,3}[0-9A-Za-z]{4}[\W_]*$")
_CODE_WORD = re.compile(r"\b(?:kode|no|nomor|id)\W*$")


def wish_of(message: Message) -> Wish | None:
    """The wish that a message is, whole and alone; None for whatever may be a report.

    A tracking code alone asks how that report stands. A message with a file or a place is never a wish.
    """
    text = _FRAME.sub("", message.text)
    if not text or len(text) > _LONGEST or message.attachments or message.location is not None:
        return None
    rest, code = _parted(text)
    words = " ".join(rest.casefold().split())
    said = _KINDS.get(words)
    if said is not None:
        return Wish(said, code)
    rated = _RATING.fullmatch(words)
    if rated is not None:
        return Wish(WishKind.RATE, code, int(rated[1]))
    return Wish(WishKind.STATUS, code) if code is not None and not rest else None


def _parted(text: str) -> tuple[str, str | None]:
    """The words, and the tracking code that ends them."""
    found = _CODE.search(text)
    if found is None:
        return text, None
    try:
        code = parse_tracking_code(re.sub(r"[\W_]", "", found.group()))
    except InvalidTrackingCode:
        return text, None
    before = _FRAME.sub("", text[: found.start()])
    return _FRAME.sub("", _CODE_WORD.sub("", before.casefold())), code


ANSWER_WITHIN = timedelta(days=14)
"""So long a question waits for its answer: LAPOR!'s ten working days, with their weekends."""
_FRESH = timedelta(days=1)


def answers_question(message: Message, asked_at: datetime, *, started: bool) -> bool:
    """Whether a message is the answer to what its sender was asked at that time, however long ago he last wrote.

    Once the report went out (`started`), a long text is taken for the answer only on the day after the question: later
    it is more likely another matter.
    """
    age = message.received_at - asked_at
    if age > ANSWER_WITHIN:
        return False
    return not started or len(message.text) < LONG_TEXT or age <= _FRESH


@dataclass(frozen=True, slots=True)
class AskLimits:
    """How often something may be asked: of one report at all, and of one conversation in a day."""

    of_report: int = 2
    of_day: int = 4


def may_ask(limits: AskLimits, *, of_report: int, of_day: int) -> bool:
    """Whether the reporter may be asked once more after so many times: about this report, and in this day at all."""
    return of_report < limits.of_report and of_day < limits.of_day
