"""One request to the console: who makes it, in which language, and the answers that it can be given."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.console.desk import BASE, Desk
from gateway.console.forms import Fields, Returned, on_page
from gateway.console.render import rendered
from gateway.console.sessions import LANGUAGE_COOKIE, Signed
from gateway.console.texts import LANGUAGES, USUAL, texts, told
from gateway.operations.moments import exact_moment
from gateway.roles import Permission, may
from schemas.errors import Invalid, NotFound, Unauthenticated

_ABOUT = re.compile(r"[\w.–-]{0,64}")
_DIGITS = 9
_FIELD = 4000
"""Characters that are read of a field at most; a longer text is told off for being longer."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as a page sees it. `form` holds what a POST sent, its token already checked.

    `returned`: the form of the page that was not taken, for the page to show again.
    """

    desk: Desk
    request: Request
    signed: Signed | None
    now: datetime
    form: Fields = field(default_factory=dict)
    returned: Returned | None = None

    @property
    def language(self) -> str:
        """What the reader chose; Indonesian otherwise."""
        chosen = self.request.cookies.get(LANGUAGE_COOKIE, USUAL)
        return chosen if chosen in LANGUAGES else USUAL

    @property
    def me(self) -> Signed:
        """Who is signed in. Raises Unauthenticated on a page that anybody may see."""
        if self.signed is None:
            raise Unauthenticated("sign in first")
        return self.signed

    @property
    def actor(self) -> str:
        """How the record of actions names who does this."""
        return self.me.name

    @property
    def is_part(self) -> bool:
        """Whether only a part of the page is wanted; a form that was not taken comes back on the whole of it."""
        return self.by_script and self.returned is None

    @property
    def by_script(self) -> bool:
        """Whether htmx asks, which takes the answer into a page that is open."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def here(self) -> str:
        """The address of this page with its query."""
        url = self.request.url
        return url.path + (f"?{url.query}" if url.query else "")

    def may(self, permission: str) -> bool:
        """Whether who is signed in is allowed it."""
        return self.signed is not None and may(self.signed.role, Permission(permission))

    def told(self, key: str, **values: object) -> str:
        """A text in the reader's language."""
        return told(self.language, key, **values)

    def query(self, name: str) -> str:
        """A parameter of the address, without white space around it; empty when it is not there."""
        return self.request.query_params.get(name, "").strip()[:500]

    def field(self, name: str) -> str:
        """A field of the form, likewise."""
        return (self.form.get(name) or [""])[0].strip()[:_FIELD]

    def needed(self, name: str, most: int = 200) -> str:
        """A field that must be filled, with so many characters at most. Raises Invalid."""
        return self.filled(name, most=most)[0]

    def filled(self, *names: str, most: int = 200) -> list[str]:
        """The same for several fields. Raises Invalid with everything that is wrong in them."""
        values = {name: self.field(name) for name in names}
        wrong = {name: self._problem(name, value, most) for name, value in values.items()}
        found = [{"at": name, "problem": problem} for name, problem in wrong.items() if problem]
        if found:
            raise Invalid(found[0]["problem"], found)
        return list(values.values())

    def given(self, name: str, most: int = 200) -> str:
        """A field that may be empty. Raises Invalid for a longer text."""
        return self.filled(name, most=most)[0] if self.field(name) else ""

    def wrong(self, name: str, key: str, **values: object) -> Invalid:
        """What is wrong with a field, to be raised."""
        problem = self.told(key, **values)
        return Invalid(problem, [{"at": name, "problem": problem}])

    def _problem(self, name: str, value: str, most: int) -> str:
        if not value:
            return self.told("error.needed", field=self.told(f"field.{name}"))
        return self.told("error.too_long", n=most, over=len(value) - most) if len(value) > most else ""

    def moment(self, name: str = "at") -> datetime:
        """A moment with its zone, as a page of ours wrote it. Raises Invalid for something else."""
        at = exact_moment(self.needed(name))
        if at is None:
            raise self.wrong(name, "error.id")
        return at

    def chosen(self, name: str = "id") -> list[UUID]:
        """The ids that were ticked, each once. Raises Invalid for something else."""
        try:
            return list(dict.fromkeys(UUID(text) for text in self.form.get(name, ())))
        except ValueError as error:
            raise Invalid(self.told("error.id")) from error

    def path_id(self, name: str) -> UUID:
        """An id in the address. Raises NotFound for something else."""
        try:
            return UUID(self.request.path_params[name])
        except ValueError as error:
            raise NotFound(self.told("error.id")) from error

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """The answer: a page, or a part of one."""
        return HTMLResponse(self.text(template, **values), status)

    def text(self, template: str, *, here: str = "", token: str = "", **values: Any) -> str:
        """The same as a text. `here`: under which address of the console the page is found again, if not this one's."""
        at = f"{BASE}{here}" if here else self.here
        csrf = self.signed.csrf if self.signed else token
        return rendered(
            template,
            self.language,
            self.now,
            visit=self,
            me=self.signed,
            here=at,
            form=lambda name="": on_page(name, at, csrf, self.returned),
            flash=self._flash(),
            **values,
        )

    def number(self, name: str) -> str:
        """A count that a redirect of ours carries in the address; 0 without one."""
        given = self.query(name)
        return given if given.isdecimal() and len(given) < _DIGITS else "0"

    @property
    def trouble(self) -> str:
        """What went wrong with the last of those that were not done, as a redirect of ours carries it."""
        key, about = self.query("problem"), self.query("about")
        known = f"cause.{key}" in texts()[self.language] and _ABOUT.fullmatch(about)
        return self.told(f"cause.{key}", about=about) if known else ""

    def _flash(self) -> str:
        """Which text tells what was done; empty for none."""
        done = self.query("done")
        return done if self.returned is None and f"done.{done}" in texts()[self.language] else ""

    def go(self, path: str, **query: object) -> Response:
        """To another page of the console, after something was done."""
        given = urlencode({name: str(value) for name, value in query.items() if value is not None})
        return RedirectResponse(f"{BASE}{path}" + (f"?{given}" if given else ""), 303)
