"""A message together with what its delivery told: the same bytes for the same mail, whichever way it came.

The headers of the way (Received and its kin) change with each delivery and are nobody's business later, so only those
that mean something stay. What a sender claims about the delivery itself is never among them.
"""

from __future__ import annotations

import re

from adapters.inbound.mime_parts import headers_and_body

_STAY = {
    *("auto-submitted", "cc", "content-disposition", "content-transfer-encoding", "content-type", "date", "from"),
    *("in-reply-to", "list-id", "list-post", "list-unsubscribe", "message-id", "mime-version", "precedence"),
    *("references", "reply-to", "sender", "subject", "to", "x-autoreply", "x-autorespond", "x-autoresponder"),
    "x-failed-recipients",
}
_RESULT = re.compile(r"\b(spf|dkim|dmarc)[ \t]*=[ \t]*([a-z]{1,20})\b", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")


def handed_in(raw: bytes, *, sender: str, receiver: str, authority: str = "") -> bytes:
    """The mail as it is kept and read. `sender` and `receiver` are the envelope's; an empty sender is `<>`.

    `authority` is the name under which a trusted relay says what it found of SPF, DKIM and DMARC (RFC 8601); without
    one nothing of it is believed.
    """
    headers, body = headers_and_body(raw)
    lines = [] if sender.strip("<> ") else ["Return-Path: <>"]
    lines.append(f"Delivered-To: {_UNSAFE.sub('', receiver)}")
    found = _found(headers, authority)
    if found:
        lines.append(f"Authentication-Results: {_UNSAFE.sub('', authority)}; {found}")
    lines += [f"{name.title()}: {value}" for name, value in headers if name in _STAY]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + body


def is_forged(results: str) -> bool:
    """Whether a trusted relay found that the mail does not come from where its sender says."""
    found: dict[str, str] = {name.lower(): value.lower() for name, value in _RESULT.findall(results)}
    if "dmarc" in found:
        return found["dmarc"] == "fail"
    return found.get("spf") in ("fail", "softfail") and found.get("dkim") != "pass"


def _found(headers: list[tuple[str, str]], authority: str) -> str:
    """What the authority says, in few words: the topmost of its headers, each method once (the first `pass` counts)."""
    if not authority:
        return ""
    for name, value in headers:
        said_by = value.partition(";")[0].strip().partition(" ")[0]
        if name == "authentication-results" and said_by.lower() == authority.lower():
            results: dict[str, str] = {}
            for method, result in _RESULT.findall(value):
                if results.get(method.lower()) != "pass":
                    results[method.lower()] = result.lower()
            return "; ".join(f"{method}={result}" for method, result in results.items())
    return ""
