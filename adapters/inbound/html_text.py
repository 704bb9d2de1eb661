"""HTML of mail as text: what a reader would see, quotations marked with `>`."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

HTML_LIMIT = 400_000
"""Characters that are read; what comes after is in the message as it came."""

_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_BLOCKS = frozenset({"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "header", "hr", "li"})
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "table", "tr", "ul"}
_VOID = frozenset({"br", "hr"})
_QUOTES = re.compile(r"\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote)\b")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_MANY_LINES = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """The words of a document. Never raises."""
    reader = _Reader()
    try:
        reader.feed(html[:HTML_LIMIT])
        reader.close()
    except AssertionError:  # html.parser gives up on `<![` and the like
        return unescape(_TAG.sub(" ", html[:HTML_LIMIT])).strip()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[list[str]] = [[]]
        self._marks: list[str] = [""]
        self._unseen = 0
        self._quotes: list[tuple[str, int]] = []
        self._open: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
            return
        self._open[tag] = self._open.get(tag, 0) + 1
        kind = next((value or "" for name, value in attrs if name == "class"), "")
        if tag == "blockquote" or (tag == "div" and _QUOTES.search(kind)):
            self._quotes.append((tag, self._open[tag]))
        if tag in _BLOCKS:
            self._new_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
            return
        if tag in _VOID:
            return
        if self._quotes and self._quotes[-1] == (tag, self._open.get(tag, 0)):
            self._quotes.pop()
        self._open[tag] = max(0, self._open.get(tag, 0) - 1)
        if tag in _BLOCKS:
            self._new_line()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._lines[-1].append(data)
            self._marks[-1] = "> " if self._quotes else ""

    def _new_line(self) -> None:
        if self._lines[-1] or (len(self._lines) > 1 and self._lines[-2]):
            self._lines.append([])
            self._marks.append("")

    def text(self) -> str:
        """What was read, a line for each block."""
        words = (_SPACES.sub(" ", "".join(line)).strip() for line in self._lines)
        lines = (mark + line if line else "" for mark, line in zip(self._marks, words, strict=True))
        return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()
