"""What others wrote, as it may be kept and shown: words and lines, without markup, control characters or tricks."""

from __future__ import annotations

import re

from adapters.inbound.html_text import text_of_html
from gateway.cleaning import clean, clean_line, cut

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--|&(?:[A-Za-z]{2,8}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")


def plain_text(text: str, limit: int) -> str:
    """The text in at most `limit` characters. One that holds no markup keeps its lines; a lone `<` is a letter."""
    seen = text_of_html(text) if _MARKUP.search(text) else text
    return cut(clean(seen), limit)


def plain_line(text: str, limit: int) -> str:
    """The same on one line."""
    return cut(clean_line(plain_text(text, limit)), limit)
