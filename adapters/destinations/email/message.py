"""A case as one message: the same bytes for the same case, in lines that no relay has to change.

Sources: RFC 5322 (form), RFC 2045 to 2047 (7-bit bodies and headers), RFC 6376 section 5.3 (what a signature needs:
nothing that is converted on the way), RFC 3834 (Auto-Submitted), RFC 2919 (List-Id).
"""

from __future__ import annotations

import re
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from adapters.contract import Case, CaseFile
from adapters.destinations.email.options import Options
from adapters.destinations.email.texts import body_text, subject_of
from adapters.outbound.case_json import case_body
from adapters.outbound.mail_ids import message_id

_UNSAFE = re.compile(r"[^\w.() -]+")
_MAIL_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
_POLICY = SMTP.clone(cte_type="7bit", raise_on_defect=True)


def case_message(case: Case, options: Options, name: str) -> bytes:
    """The whole message. `name` is the destination's, for List-Id. Later messages thread under the report's own."""
    carried, left_out = _within(case.files, options.files_limit)
    message = EmailMessage(policy=_POLICY)
    _address(message, options)
    _identify(message, case, options, name)
    text = body_text(case, left_out=[file.name for file in left_out], carried=[file.name for file in carried])
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    for content, media_type, filename in _attachments(case, options, carried):
        main, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=filename, cte="base64")
    if message.is_multipart():
        message.set_boundary(f"=_{sha256(case.handoff_id.bytes + text.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def thread_of(case: Case) -> str | None:
    """The Message-ID of the report's own mail; None for the report itself, or where it went another way."""
    known = next((each["message_id"] for each in case.prior.values() if "message_id" in each), None)
    return known if isinstance(known, str) and re.fullmatch(r"<[!-;=?-~]{1,250}>", known) else None


def _address(message: EmailMessage, options: Options) -> None:
    message["From"] = Address(options.sender_name, addr_spec=options.sender)
    if options.reply_to is not None:
        message["Reply-To"] = Address(addr_spec=options.reply_to)
    message["To"] = tuple(Address(addr_spec=each) for each in options.recipients)


def _identify(message: EmailMessage, case: Case, options: Options, name: str) -> None:
    """The date is when the newest of it came in, so that a second sending is the same message."""
    message["Subject"] = subject_of(case)
    newest = max([case.accepted_at, *(one.received_at for one in case.messages)])
    message["Date"] = format_datetime(newest.astimezone(UTC))
    message["Message-ID"] = message_id(case.handoff_id, options.domain)
    thread = thread_of(case)
    if thread is not None:
        message["In-Reply-To"] = thread
        message["References"] = thread
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # Exchange asks for its own
    message["List-Id"] = f"<{name}.{options.domain}>"
    message["X-SP4N-Tracking-Code"] = case.tracking_code
    message["X-SP4N-Handoff"] = str(case.handoff_id)


def _attachments(case: Case, options: Options, files: list[CaseFile]) -> list[tuple[bytes, str, str]]:
    made = []
    if options.attach_pdf:
        from adapters.outbound.case_pdf import case_pdf  # what sets pages is loaded where there are any to set

        made.append((case_pdf(case), "application/pdf", f"{case.tracking_code}.pdf"))
    if options.attach_json:
        document = case_body(case, prior_reference=thread_of(case), send_files=False)
        made.append((document, "application/json", f"{case.tracking_code}.json"))
    return made + [(file.content, _type_of(file), _safe_name(file.name)) for file in files]


def _within(files: tuple[CaseFile, ...], limit: int) -> tuple[list[CaseFile], list[CaseFile]]:
    """The files that fit together into the limit, in order, and those that do not."""
    carried: list[CaseFile] = []
    left_out: list[CaseFile] = []
    room = limit
    for file in files:
        fits = len(file.content) <= room
        (carried if fits else left_out).append(file)
        room -= len(file.content) if fits else 0
    return carried, left_out


def _type_of(file: CaseFile) -> str:
    """A type that may stand in a header; mail inside mail would have to be parsed by the relay."""
    known = file.media_type.lower()
    is_plain = _MAIL_TYPE.fullmatch(known) and not known.startswith(("message/", "multipart/", "text/"))
    return known if is_plain else "application/octet-stream"


def _safe_name(name: str) -> str:
    return _UNSAFE.sub("_", name).strip(" .")[:100] or "berkas"
