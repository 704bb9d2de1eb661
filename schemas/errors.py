"""The error tree, grouped by what the caller should do.

GatewayError
├── BadInput            the sender must change the request; sending it again as it is will fail again
│   ├── Malformed           the bytes cannot be read as what they claim to be
│   ├── Invalid             readable, but a field is missing or wrong
│   ├── TooLarge            over a documented limit
│   └── Conflict            the same message id came before with another content
├── Denied              the sender must prove who they are
│   ├── Unauthenticated     no credential, or one that is unknown or revoked
│   ├── BadSignature        the signature does not fit the bytes
│   └── Forbidden           known, but not allowed this
├── NotFound            there is no such thing
├── Busy                try again later; `retry_after` seconds
│   ├── LedgerUnavailable   the database cannot be reached or is full
│   └── Overloaded          intake is throttled
├── Misconfigured       the operator must mend the configuration; names file, line and setting
├── Tampered            the journal does not fit the records
└── Fenced              this worker was taken for dead and must not write any more
"""

from __future__ import annotations


class GatewayError(Exception):
    """Root of every error that the gateway raises on purpose. `detail` says what to do; it never holds identity.

    Where a page tells it in its reader's language, `cause` names the text, and `about` is what the text is about.
    """

    def __init__(self, detail: str = "", *, cause: str = "", about: str = "", **context: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.cause = cause
        self.about = about
        self.context = context


class BadInput(GatewayError):
    """The sender must change the request."""


class Malformed(BadInput):
    """The bytes cannot be read as what they claim to be."""


class Invalid(BadInput):
    """Readable, but a field is missing or wrong. `errors` lists place and problem of each."""

    def __init__(
        self, detail: str = "", errors: list[dict[str, str]] | None = None, *, cause: str = "", about: str = ""
    ) -> None:
        super().__init__(detail, cause=cause, about=about)
        self.errors = errors or []


class TooLarge(BadInput):
    """Over a documented limit."""


class Conflict(BadInput):
    """The same message id came before with another content."""


class Denied(GatewayError):
    """The sender must prove who they are."""


class Unauthenticated(Denied):
    """No credential, or one that is unknown or revoked."""


class BadSignature(Denied):
    """The signature does not fit the bytes."""


class Forbidden(Denied):
    """Known, but not allowed this."""


class NotFound(GatewayError):
    """There is no such thing."""


class Busy(GatewayError):
    """Try again later; `retry_after` is in seconds."""

    def __init__(self, detail: str = "", retry_after: float = 5.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class LedgerUnavailable(Busy):
    """The database cannot be reached, or cannot be written."""


class Overloaded(Busy):
    """Intake is throttled."""


class Misconfigured(GatewayError):
    """The operator must mend the configuration. `problems` names each: file, line, setting, what to write instead."""

    def __init__(self, detail: str = "", problems: list[str] | None = None) -> None:
        super().__init__(detail)
        self.problems = problems or []

    def __str__(self) -> str:
        return "\n".join([self.detail, *self.problems])


class Tampered(GatewayError):
    """The journal does not fit the records."""


class Fenced(GatewayError):
    """This worker was taken for dead and must not write any more."""
