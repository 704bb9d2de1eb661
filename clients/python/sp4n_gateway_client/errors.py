"""What can go wrong, grouped by what its reader should do.

ClientError
├── BadSignature   answer 401
├── Unreadable     answer 422, with the text
├── Unfit          answer 422, with the text
├── Refused        mend what `detail` says; sending the same again changes nothing
└── Unavailable    send the same again after `retry_after` seconds
"""

from __future__ import annotations


class ClientError(Exception):
    """The root. `detail` is for the person who builds the ministry's side."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BadSignature(ClientError):
    """The request was not signed by the gateway, or not now."""


class Unreadable(ClientError):
    """The body is no case."""


class Unfit(ClientError):
    """The case cannot be kept: it continues one that is not here, or its key came before with another body."""


class Refused(ClientError):
    """The gateway does not take it. `status` is HTTP's."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status


class Unavailable(ClientError):
    """The gateway could not be reached, or cannot take it now."""

    def __init__(self, detail: str, retry_after: float = 30.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
