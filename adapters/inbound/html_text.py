"""HTML of mail as text: what a reader would see, quotations marked with `>`."""

from __future__ import annotations

import re
from html.parser import HTMLParser

HTML_LIMIT = 400_000
"""Characters that are read; what comes after is in the message as it came."""

_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_BLOCKS = frozenset({"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "header", "hr", "li"})
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "table", "tr", "ul"}
_APART = frozenset({"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "table", "ul"})
_VOID = frozenset({"br", "hr"})
_QUOTES = re.compile(r"\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote)\b")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_QUOTED = "quoted"
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>[^<>]*)>")
_MANY_LINES = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """The words of a document. Never raises."""
    reader = _Reader()
    reader.feed(_plain(html[:HTML_LIMIT]))
    reader.close()
    return reader.text()


def _plain(html: str) -> str:
    """The same with nothing but whole tags without attributes; any other `<` is a letter.

    html.parser's time grows with the square of what is left open (a minute for `<!--` over and over), and mail comes
    from anybody. Each step here looks at every character once.
    """
    pieces, place = [], 0
    for found in _TAG.finditer(html := _DECLARATION.sub("", _without_comments(html))):
        pieces += [html[place : found.start()].replace("<", "&lt;"), _bare(found)]
        place = found.end()
    return "".join([*pieces, html[place:].replace("<", "&lt;")])


def _without_comments(html: str) -> str:
    pieces, place = [], 0
    while (start := html.find("<!--", place)) >= 0 and (end := html.find("-->", start)) >= 0:
        pieces.append(html[place:start])
        place = end + 3
    return "".join([*pieces, html[place:]])


def _bare(tag: re.Match[str]) -> str:
    quotes = f' class="{_QUOTED}"' if _QUOTES.search(tag["rest"]) else ""
    return f"<{tag['slash']}{tag['name']}{quotes}>"


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
        if tag == "blockquote" or (tag == "div" and ("class", _QUOTED) in attrs):
            self._quotes.append((tag, self._open[tag]))
        if tag in _BLOCKS:
            self._new_line(tag)

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
            self._new_line(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._lines[-1].append(data)
            self._marks[-1] = "> " if self._quotes else ""

    def _new_line(self, tag: str) -> None:
        apart = tag in _APART and len(self._lines) > 1 and self._lines[-2]
        if self._lines[-1] or apart:
            self._lines.append([])
            self._marks.append("")

    def text(self) -> str:
        """What was read, a line for each block."""
        words = (_SPACES.sub(" ", "".join(line)).strip() for line in self._lines)
        lines = (mark + line if line else "" for mark, line in zip(self._marks, words, strict=True))
        return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()
