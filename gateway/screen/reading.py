"""What screening looks at: a report read once, so that every check is a look at ready values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gateway.classify.lexicon import load_lexicon
from gateway.nik import is_nik
from gateway.screen import elsewhere, emergencies, vocabulary
from gateway.screen.past import Past
from gateway.screen.statistics import leaning
from gateway.terms import standard
from gateway.wording import PhraseIndex, fold, index_phrases
from schemas.report import Message, Report
from schemas.vocabulary import Classification

READ_LIMIT = 1_200
"""Characters that are read. Whoever writes more has said by then what it is about."""

_LINK = re.compile(r"(?:https?://|www\.)\S+|\b(?:wa\.me|bit\.ly|t\.me|s\.id|tinyurl\.com)/\S+")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_TOKEN = re.compile(r"[^\W_]+")
_PRICE = re.compile(r"\brp\W{0,2}\d|\d\W?(?:rb|ribu|k|jt|juta)\b|\d\W?%")
_CONTACT = re.compile(r"\b(?:08\d\d|628\d|wa\W{0,2}0?8|\d{4,6}\b$)|[*]\d+[*#]")
_CALLED_NIK = re.compile(r"\b(?:nik|ktp)\b\D{0,20}(\d{14,18})(?!\d)")


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


def read(report: Report, message: Message, *, title_written: bool, past: Past | None = None) -> Reading:
    """The reading of a report with the message that came last, and what is known of its sender."""
    text, links = fold(_text(report, message, title_written)[:READ_LIMIT]), 0
    if "/" in text or "www." in text:  # the pattern is slow, and few reports hold a link
        text, links = _LINK.subn(" ", text)
    drawn_in, drawn = _DRAWN_OUT.subn(r"\1", text)
    words = tuple(_WORD.findall(drawn_in))
    tokens = _TOKEN.findall(drawn_in)
    if drawn:
        tokens += _TOKEN.findall(text)  # pppk is a word as it stands
    tending, known = leaning(words)
    return Reading(
        words=words,
        spelt=tuple(_WORD.findall(text)) if drawn else words,
        said=_index().find(tokens),
        links=links,
        has_numbers=_NUMBER.search(text) is not None,
        files=len(report.attachments) or len(message.attachments),
        has_place=report.location is not None or message.location is not None,
        is_filed=report.category_id is not None or report.classification is not Classification.UNKNOWN,
        matters=len(load_lexicon().found(standard(tokens))),
        leaning=tending,
        known=known,
        has_price=_PRICE.search(text) is not None,
        has_contact=links > 0 or _CONTACT.search(text) is not None,
        wrong_nik=any(not _is_nik(number) for number in _CALLED_NIK.findall(text)),
        past=past,
    )


def _is_nik(number: str) -> bool:
    return len(number) == 16 and is_nik(number)


def _text(report: Report, message: Message, title_written: bool) -> str:
    parts = [report.content]
    if title_written and report.title not in report.content:
        parts.insert(0, report.title)
    if message.text not in report.content:
        parts.append(message.text)
    return "\n".join(parts)


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
