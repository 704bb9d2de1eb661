"""Pages from templates: everything is escaped, and a text or value that is missing is an error, not a gap."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from gateway import __version__
from gateway.console.browsers import browser_told
from gateway.console.desk import BASE
from gateway.console.menu import LETTERS, MENU
from gateway.console.moments import clock_time, grouped, machine_time, short_time, size_told, span
from gateway.console.texts import LANGUAGES, advice_for, told, word_for

_SECOND = timedelta(seconds=1)


@lru_cache(len(LANGUAGES))
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("gateway.console", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(BASE=BASE, VERSION=__version__, MENU=MENU, LETTERS=LETTERS)
    environment.filters.update(
        clock=partial(clock_time, language),
        filesize=partial(size_told, language),
        browser=partial(browser_told, language),
        iso=machine_time,
    )
    return environment


def rendered(template: str, language: str, now: datetime, **values: Any) -> str:
    """A page, or a part of one, in a language."""

    def ago(at: datetime) -> str:
        return span(language, max((now - at) // _SECOND, 0))

    return (
        _environment(language)
        .get_template(template)
        .render(
            language=language,
            now=now,
            t=partial(told, language),
            w=partial(word_for, language),
            number=partial(grouped, language),
            span=partial(span, language),
            ago=ago,
            advice=partial(advice_for, language),
            short=lambda at: short_time(language, at, now),
            **values,
        )
    )
