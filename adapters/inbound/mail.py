"""A mail as a report: who, the words of its own, its files. The same for every vendor that takes mail in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import HeaderParser
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime

from adapters.contract import Inbound, InboundFile, InboundMessage, ReplyAddress, Unreadable
from adapters.inbound.documents import digest_of
from adapters.inbound.html_text import text_of_html
from adapters.inbound.people import reporter_of
from adapters.inbound.reply_text import is_forwarded, own_text, subject_of
from schemas.report import ATTACHMENT_LIMIT

_HEADERS_LIMIT = 100_000
_SENDER_LIMIT = 2000
_ID_LIMIT = 998  # RFC 5322, 2.1.1
_AUTOMATIC_PRECEDENCE = ("bulk", "junk", "list", "auto_reply")
_AUTOMATIC_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-failed-recipients")
_OF_LISTS = ("list-id", "list-post", "list-unsubscribe")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. Header names are in lower case; `raw` is what is kept of it as it came; `receiver` is ours."""

    sender: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    raw: bytes
    files: tuple[InboundFile, ...] = ()
    receiver: str = ""


def headers_of(text: str) -> dict[str, str]:
    """The first of each header in a block of headers. Never raises."""
    parsed = HeaderParser(policy=compat32).parsestr(text[:_HEADERS_LIMIT])
    found: dict[str, str] = {}
    for name, value in parsed.raw_items():
        found.setdefault(name.lower(), " ".join(str(value).split()))
    return found


def read_mail(mail: Mail) -> Inbound:
    """The mail as a message; set aside when a machine wrote it, or when nothing stands in it."""
    name, address = _sender(mail.sender)
    identity = message_id(mail)
    if _is_automatic(mail.headers):
        return Unreadable(identity, "automatic_mail", mail.raw)
    files, notes = _within_limits(mail.files)
    title = subject_of(mail.subject)
    text = mail.text if mail.text.strip() else text_of_html(mail.html)
    words = own_text(text, forwarded=is_forwarded(mail.subject, text))
    content = "\n".join([*filter(None, [words]), *notes])
    if not (content.strip() or title or files):
        return Unreadable(identity, "mail_empty", mail.raw)
    return InboundMessage(
        message_id=identity,
        content=content,
        raw=mail.raw,
        title=title,
        reporter=reporter_of(name=name, email=address if "@" in address else ""),
        conversation=_conversation(mail, address, identity),
        follows=bool(_thread(mail.headers)),
        sent_at=_date(mail.headers.get("date", "")),
        files=files,
        reply=_reply(mail, address),
    )


def _reply(mail: Mail, address: str) -> ReplyAddress | None:
    """To whoever wrote, from the address that was written to, in the thread of the mail.

    None for what came through a mailing list: its machine would get the answer, or all its readers (RFC 3834, 2).
    """
    if "@" not in address or any(name in mail.headers for name in _OF_LISTS):
        return None
    _, receiver = _sender(mail.receiver)
    thread = mail.headers.get("message-id", "")[:_ID_LIMIT]
    root = next(iter(_thread(mail.headers)), "")
    return ReplyAddress(
        address, receiver if "@" in receiver else "", thread, subject_of(mail.subject) or "", root[:_ID_LIMIT]
    )


def message_id(mail: Mail) -> str:
    """The Message-ID; for a mail without one an id that is the same whenever this mail comes again."""
    given = mail.headers.get("message-id", "")
    if 0 < len(given) <= _ID_LIMIT:
        return given
    return digest_of(mail.sender, mail.subject, mail.headers.get("date", ""), mail.text, mail.html)


def _sender(text: str) -> tuple[str, str]:
    """Name and address. Comments within comments, deep enough, are nobody's name."""
    try:
        return parseaddr(text[:_SENDER_LIMIT])
    except RecursionError:
        return "", ""


def _conversation(mail: Mail, address: str, identity: str) -> str:
    """Sender and first mail of the thread: a reply continues a report, a new mail begins one."""
    thread = _thread(mail.headers)
    return f"{address.lower()[:254]} {thread[0][:_ID_LIMIT] if thread else identity}"


def _thread(headers: Mapping[str, str]) -> list[str]:
    """The mails that this one follows, the first one first (RFC 5322, 3.6.4)."""
    return headers.get("references", "").split() or headers.get("in-reply-to", "").split()


def _is_automatic(headers: Mapping[str, str]) -> bool:
    """What answers by itself must become no report: bounces, receipts, notices of absence (RFC 3834, 5; RFC 6522)."""
    submitted = headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    by_precedence = headers.get("precedence", "").strip().lower() in _AUTOMATIC_PRECEDENCE
    is_report = headers.get("content-type", "").lower().startswith("multipart/report")
    says_so = submitted not in ("", "no") or any(name in headers for name in _AUTOMATIC_HEADERS)
    return says_so or by_precedence or is_report or headers.get("return-path", "").strip() == "<>"


def _within_limits(files: Iterable[InboundFile]) -> tuple[tuple[InboundFile, ...], list[str]]:
    """The files that can be kept, and a line for each that cannot."""
    kept, notes = [], []
    for file in files:
        if len(file.content) > ATTACHMENT_LIMIT:
            notes.append(f"[Lampiran melebihi 20 MB, tidak disimpan / Attachment over 20 MB, not kept: {file.name}]")
        elif file.content:
            kept.append(file)
    return tuple(kept), notes


def _date(text: str) -> datetime | None:
    """RFC 5322, 3.3. The zone -0000 says that the time is UTC and nothing of the sender's zone."""
    try:
        date = parsedate_to_datetime(text[:_SENDER_LIMIT])
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)
