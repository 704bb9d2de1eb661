"""Texts of SMS: the form of 1708 (`<agency word> <text>`) and the parts that a long text is cut into.

Real agency words are glued and varied: "Bandungkab, saya …", "LAPORJABAR …", "Kabupatenbdg …", "KEMENKES …". A word is
taken for an agency only by its shape, so a report that just begins ("Kabel listrik …", "Kotanya …") names none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from adapters.contract import Inbound, InboundMessage, ReplyAddress, TextPart, Unreadable
from adapters.inbound.people import phone_of, reporter_of
from schemas.report import Attachment

AGENCY_LIMIT = 255
_MOST_PARTS = 255  # the network counts them in one byte (3GPP TS 23.040, 9.2.3.24.1)

_PROVINCES = (
    "sumut sumbar sumsel kepri babel dki jabar jateng jatim diy ntb ntt kalbar kalteng kalsel kaltim kaltara "
    "sulut sulteng sulsel sulbar sultra malut pabar"
)
_NAMED = (
    "bappenas basarnas bkkbn bkn bmkg bnn bnpb bpbd bpjs bpn bpom bps bulog jasaraharja kejagung kejari kejati kpk kpu "
    "lpsk ojk ombudsman pdam perhutani pertamina pln polri polda polres polresta polrestabes polsek samsat satpolpp "
    "setneg telkom dinkes dinsos disdik disdukcapil dukcapil dishub dispendik disnaker dispar disperindag dpupr pupr"
)
_ONE_WORD = re.compile(
    rf"""(?:{"|".join((_PROVINCES + " " + _NAMED).split())})
    | kemen(?!angan|yan|terian\b)[a-z]{{2,}}                      # Kemenkes, KEMENDIKBUD
    | kementerian[a-z]{{3,}}
    | pem(?:kab|kot|prov|da|desa)[a-z]*                           # Pemkab, pemkotbogor
    | kabupaten[a-z]{{2,}} | kab[bcdfghjklmnpqrstvwxyz][a-z]{{2,}}  # Kabupatenbdg, kabgarut; not kabel, kabar
    | kotamadya[a-z]+ | kota(?!k|nya|mu|ku|ri|n\b)[a-z]{{4,}}      # kotabogor; not kotaknya, kotanya
    | pro[vp]insi(?!nya)[a-z]{{3,}} | prov(?!id|ok|in|es)[a-z]{{3,}}
    | (?:bpjs|pln|pdam|polda|polres|polresta|polsek|rsud|dinkes|dinsos|disdik|dishub|bpbd)[a-z]{{3,}}
    | [a-z]{{3,}}(?:kab|kabupaten|prov) | (?!ibu)[a-z]{{4,}}kota   # Bandungkab, bogorkota; not ibukota
    """,
    re.IGNORECASE | re.VERBOSE,
)
_KIND = re.compile(
    r"kab|kabupaten|kota|kotamadya|prov|provinsi|propinsi|pemkab|pemkot|pemprov|kementerian|kementrian|dinas|rsud",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\s*#?(?P<word>[^\W_]+(?:[./-][^\W_]+)*)")
_NEXT = re.compile(r"[.]?\s+(?!(?:kami|kita|saya|ini|itu|yang|yg|sudah|masih|nya)\b)(?P<word>[^\W\d_]+)", re.IGNORECASE)
_SIDE = re.compile(r"\s+(?P<word>barat|timur|utara|selatan|tengah|tenggara|laut|raya|besar|daya)\b", re.IGNORECASE)
_SEND_TO = re.compile(r"lapor(?P<glued>[a-z]{3,})?", re.IGNORECASE)


def agency_of(text: str) -> str | None:
    """The agency that a text names with its first word, as it was written; None when that is no agency word.

    The word stays in the text too: whoever reads the report may know better.
    """
    first = _FIRST.match(text)
    if first is None:
        return None
    call = _SEND_TO.fullmatch(first["word"])
    if call is None:
        return _at(text, first)
    if call["glued"]:
        return _glued(call["glued"])
    following = _FIRST.match(text, first.end())
    return _at(text, following) if following else None


def _glued(word: str) -> str | None:
    """What is glued to LAPOR is an agency, if it is no ending of the word itself."""
    return None if word.lower() in ("kan", "nya", "an", "ankan", "lah", "pak", "bapak", "dong") else word[:AGENCY_LIMIT]


def _at(text: str, found: re.Match[str]) -> str | None:
    word = found["word"]
    if _KIND.fullmatch(word):
        return _two_words(text, found.start("word"), found.end())
    return word[:AGENCY_LIMIT] if _ONE_WORD.fullmatch(word) else None


def _two_words(text: str, start: int, end: int) -> str | None:
    """`Kab Bandung`, `Kota Bogor`, `Kabupaten Bandung Barat`."""
    name = _NEXT.match(text, end)
    if name is None or len(name["word"]) < 3:
        return None
    side = _SIDE.match(text, name.end())
    return text[start : side.end() if side else name.end()][:AGENCY_LIMIT]


def part_of(reference: str, number: str, total: str) -> TextPart | None:
    """Which part of a longer text this is; None for a text that was not cut, or when the vendor does not tell."""
    if not (number.isascii() and total.isascii() and number.isdecimal() and total.isdecimal() and reference):
        return None
    if len(number) > 3 or len(total) > 3 or not 1 <= int(number) <= int(total) <= _MOST_PARTS:
        return None
    return TextPart(reference[:AGENCY_LIMIT], int(number), int(total)) if int(total) > 1 else None


@dataclass(frozen=True, slots=True)
class Sms:
    """One text as its vendor tells it. `sender` is a number, `raw` what is kept of it as it came.

    `receiver` is the number of ours that it was sent to; `thread` is what ties an answer to it, `answered`
    whom an answer goes to where that is spelled in another way.
    """

    message_id: str
    sender: str
    text: str
    raw: bytes
    sent_at: datetime | None = None
    part: TextPart | None = None
    attachments: tuple[Attachment, ...] = ()
    receiver: str = ""
    thread: str = ""
    answered: str = ""


def read_sms(sms: Sms) -> Inbound:
    """The text as a message of its sender's conversation; set aside without an id, or with nothing in it."""
    if not sms.message_id:
        return Unreadable(None, "message_without_id", sms.raw)
    if not (sms.text.strip() or sms.attachments):
        return Unreadable(sms.message_id, "message_empty", sms.raw)
    begins = sms.part is None or sms.part.number == 1
    return InboundMessage(
        message_id=sms.message_id,
        content=sms.text,
        raw=sms.raw,
        agency=agency_of(sms.text) if begins else None,
        reporter=reporter_of(phone=phone_of(sms.sender)),
        conversation=sms.sender or None,
        sent_at=sms.sent_at,
        attachments=sms.attachments,
        text_part=sms.part,
        reply=ReplyAddress(sms.answered or sms.sender, sms.receiver, sms.thread) if sms.sender else None,
    )
