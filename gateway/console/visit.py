"""One request to the console: who makes it, in which language, and the answers that it can be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.console.desk import BASE, Desk
from gateway.console.render import rendered
from gateway.console.sessions import LANGUAGE_COOKIE, Signed
from gateway.console.texts import LANGUAGES, USUAL, told
from gateway.operations.moments import exact_moment
from gateway.roles import Permission, may
from schemas.errors import Invalid, NotFound, Unauthenticated

Form = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as a page sees it. `form` holds what a POST sent, its token already checked."""

    desk: Desk
    request: Request
    signed: Signed | None
    now: datetime
    form: Form = field(default_factory=dict)

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
        """Whether only a part of the page is wanted."""
        return self.request.headers.get("hx-request") == "true"

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
        return (self.form.get(name) or [""])[0].strip()[:4000]

    def needed(self, name: str) -> str:
        """A field that must be filled. Raises Invalid."""
        value = self.field(name)
        if not value:
            raise Invalid(self.told("error.needed", field=self.told(f"field.{name}")))
        return value

    def moment(self, name: str = "at") -> datetime:
        """A moment with its zone, as a page of ours wrote it. Raises Invalid for something else."""
        at = exact_moment(self.needed(name))
        if at is None:
            raise Invalid(self.told("error.id"))
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

    def text(self, template: str, **values: Any) -> str:
        """The same as a text."""
        flash = self.query("done")
        return rendered(
            template,
            self.language,
            self.now,
            visit=self,
            me=self.signed,
            csrf=self.signed.csrf if self.signed else "",
            path=self.request.url.path,
            flash=flash if flash.isidentifier() else "",
            **values,
        )

    def go(self, path: str, **query: object) -> Response:
        """To another page of the console, after something was done."""
        given = urlencode({name: str(value) for name, value in query.items() if value is not None})
        return RedirectResponse(f"{BASE}{path}" + (f"?{given}" if given else ""), 303)
