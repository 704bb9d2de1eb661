"""A report's words, cut and spelt once for all who read them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import filterfalse

from gateway.lexicon import load_lexicon
from gateway.terms import standard
from gateway.titles import UNTITLED
from gateway.wording import fold, words
from schemas.report import Report

BREAK = "\n"
"""Stands in a row of words where one text ends and the next begins: no phrase reaches over it."""
READ_WORDS = 250
"""Words of title and content that are read closely: whoever writes more has said by then what it is about."""

_PART = re.compile(r"[^\W_]+|[,;!?\n]|(?<=\w{4})\.(?=\s)")
_PLAIN_PART = re.compile(r"[a-z0-9]+|[,;!?\n]|(?<=[a-z0-9_]{4})\.(?=\s)")  # the same in folded ASCII, faster
_CLAUSE_ENDS = frozenset(",;!?\n.")


@dataclass(frozen=True, slots=True)
class Text:
    """What a report says, in words as `gateway.wording.words` cuts them.

    `title` are those of a title that says more than the content, else none. `parts` are the content's words with the
    signs that end its clauses, `folded` is the content as it stands, folded. `spelt` are the words of both, as far as
    they are read closely, `usual` the same as `gateway.terms.standard` spells them, and `matters` the phrases of
    `gateway.lexicon` that stand in these.
    """

    title: tuple[str, ...]
    content: tuple[str, ...]
    parts: tuple[str, ...]
    folded: str
    spelt: tuple[str, ...]
    usual: tuple[str, ...]
    matters: tuple[str, ...]

    @property
    def whole(self) -> tuple[str, ...]:
        """All words of both."""
        return _joined(self.title, self.content)

    def parted(self) -> list[str]:
        """The words that are read closely in the usual spelling, with the signs that end clauses between them."""
        return standard(_joined(self.title, self.parts)[:READ_WORDS])


def text_of(report: Report) -> Text:
    """The text of a report."""
    return text_from(report.title, report.content)


def text_from(title: str, content: str) -> Text:
    """The text of a title and a content."""
    folded = fold(content)
    parts = tuple((_PLAIN_PART if folded.isascii() else _PART).findall(folded))
    told = tuple(filterfalse(_CLAUSE_ENDS.__contains__, parts))
    heading = () if title == UNTITLED or title in content else tuple(words(title))
    if heading and _stands_in(heading, told):
        heading = ()
    spelt = _joined(heading, told)[:READ_WORDS]
    usual = tuple(standard(spelt))
    return Text(heading, told, parts, folded, spelt, usual, tuple(load_lexicon().found(usual)))


def _stands_in(title: Sequence[str], content: Iterable[str]) -> bool:
    return f" {' '.join(title)} " in f" {' '.join(content)} "


def _joined(title: tuple[str, ...], content: tuple[str, ...]) -> tuple[str, ...]:
    return (*title, BREAK, *content) if title else content
