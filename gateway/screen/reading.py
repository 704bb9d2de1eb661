"""What screening looks at: a report read once, so that every check is a look at ready values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from gateway.lexicon import load_lexicon
from gateway.nik import is_nik
from gateway.screen import elsewhere, emergencies, vocabulary
from gateway.screen.past import Past
from gateway.screen.statistics import leaning
from gateway.terms import standard
from gateway.text import READ_WORDS, Text, text_of
from gateway.wording import Met, PhraseIndex, fold, index_phrases
from gateway.wording import words as cut_words
from schemas.report import Message, Report
from schemas.vocabulary import Classification

READ_LIMIT = 1_600
"""Characters that are read, and no more words than `gateway.text.READ_WORDS`."""

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:wa\.me|bit\.ly|t\.me|s\.id|tinyurl\.com)/\S+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d")
_RUPIAH = re.compile(r"rp(?<!\wrp)\W{0,2}\d")  # each begins with letters or digits, which are found fast
_AMOUNT = re.compile(r"[0-9](?:\W?(?:rb|ribu|k|jt|juta)\b|\W?%)")
_CONTACTS = {
    "08": re.compile(r"08(?<!\w08)\d\d"),
    "628": re.compile(r"628(?<!\w628)\d"),
    "wa": re.compile(r"wa(?<!\wwa)\W{0,2}0?8"),
    "*": re.compile(r"[*]\d+[*#]"),
}
_SHORT_NUMBER = re.compile(r"\b\d{4,6}\Z")
_CALLED_NIK = re.compile(r"\b(?:nik|ktp)\b\D{0,20}(\d{14,18})(?!\d)")

_drawn_in = Met[str](lambda token: _DRAWN_OUT.sub(r"\1", token))
_letters = Met[tuple[str, ...]](lambda token: tuple(_LETTERS.findall(token)))


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as the checks see it.

    `words` are its words in order, folded, drawn-out letters drawn in (toloooong → tolong), without links and numbers;
    `said` are the phrases of the vocabulary that stand in it; `spelt` are the words with their letters left as typed.
    """

    words: tuple[str, ...]
    spelt: tuple[str, ...]
    said: frozenset[str]
    links: int
    has_numbers: bool
    files: int
    has_place: bool
    is_filed: bool  # somebody chose a class or a category for it
    matters: int = 0  # phrases that point at a category of LAPOR!'s
    leaning: float = 0.0  # mean log-odds of its known words that it is a report
    known: int = 0  # the number of these words
    has_price: bool = False
    has_contact: bool = False
    wrong_nik: bool = False  # a number is called a NIK, and cannot be one
    past: Past | None = None  # of its sender; None: nothing is known of one


def read(
    report: Report, message: Message, *, title_written: bool, text: Text | None = None, past: Past | None = None
) -> Reading:
    """The reading of a report with the message that came last, and what is known of its sender.

    `text` is the report's, where it was cut before.
    """
    text = text or text_of(report)
    folded, links = _folded(report, message, title_written, text), 0
    if "/" in folded or "www." in folded:  # the pattern is slow, and few reports hold a link
        folded, links = _LINK.subn(" ", folded)
    as_cut = not links and message.text in report.content and (title_written or not text.title)
    typed = list(text.spelt if as_cut else cut_words(folded)[:READ_WORDS])
    tokens = list(map(_drawn_in.__getitem__, typed))
    drawn = tokens != typed
    words = _words_of(tokens)
    heard = [*tokens, *typed] if drawn else tokens  # pppk is a word as it stands
    tending, known = leaning(words)
    return Reading(
        words=words,
        spelt=_words_of(typed) if drawn else words,
        said=_index().find(heard),
        links=links,
        has_numbers=_NUMBER.search(folded) is not None,
        files=len(report.attachments) or len(message.attachments),
        has_place=report.location is not None or message.location is not None,
        is_filed=report.category_id is not None or report.classification is not Classification.UNKNOWN,
        matters=len(text.matters if as_cut and not drawn else load_lexicon().found(standard(heard))),
        leaning=tending,
        known=known,
        has_price=("rp" in folded and _RUPIAH.search(folded) is not None) or _AMOUNT.search(folded) is not None,
        has_contact=links > 0 or _tells_contact(folded),
        wrong_nik=("nik" in folded or "ktp" in folded) and not all(map(_is_nik, _CALLED_NIK.findall(folded))),
        past=past,
    )


def _words_of(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(_letters.__getitem__, tokens)))


def _tells_contact(folded: str) -> bool:
    """Whether it holds a number to call or to write to."""
    if any(begins in folded and pattern.search(folded) for begins, pattern in _CONTACTS.items()):
        return True
    return folded[-1:].isdigit() and _SHORT_NUMBER.search(folded, max(len(folded) - 8, 0)) is not None


def _folded(report: Report, message: Message, title_written: bool, text: Text) -> str:
    """What is read, folded: the content, a title that somebody wrote, and what the last message says beside it."""
    parts = [text.folded]
    if title_written and text.title:
        parts.insert(0, fold(report.title))
    if message.text not in report.content:
        parts.append(fold(message.text))
    return "\n".join(parts)[:READ_LIMIT]


def _is_nik(number: str) -> bool:
    return len(number) == 16 and is_nik(number)


@cache
def _index() -> PhraseIndex:
    """Every phrase that a check looks for."""
    return index_phrases(
        emergencies.EMERGENCY
        | emergencies.NOT_NOW
        | emergencies.NOW
        | vocabulary.PROBLEM
        | vocabulary.ACTION
        | vocabulary.PLACE
        | vocabulary.AGENCY
        | vocabulary.ADVERT
        | vocabulary.CALL
        | vocabulary.SCAM
        | vocabulary.TELLS_OF_FRAUD
        | vocabulary.CHAIN
        | vocabulary.IDLE
        | vocabulary.WRONG_NUMBER
        | elsewhere.COURT
        | elsewhere.LEGISLATION
        | elsewhere.CORRUPTION
        | elsewhere.CRIME
        | vocabulary.SINCE
    )
