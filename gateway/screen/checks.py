"""The checks of screening, one row each: what it is called, what it does to the verdict, what it looks at.

A new check is a function from a reading to a sight (how much it weighs from 0 to 1, and why) and one row in CHECKS.
Reasons are told in words and counts: they never quote the report.
"""

from __future__ import annotations

from gateway.screen import against, learned, senders, speaking, telling
from gateway.screen.base import Check, Effect, Sight

__all__ = ["CHECKS", "Check", "Effect", "Sight"]

CHECKS: tuple[Check, ...] = (
    Check("emergency", Effect.CLEAR, telling.emergency),
    Check("danger", Effect.KEEP, telling.danger),
    Check("problem", Effect.KEEP, speaking.problem),
    Check("action", Effect.KEEP, speaking.action),
    Check("place", Effect.KEEP, speaking.place),
    Check("agency", Effect.KEEP, speaking.agency),
    Check("tells_of_fraud", Effect.KEEP, speaking.tells_of_fraud),
    Check("filed", Effect.KEEP, speaking.filed),
    Check("matter", Effect.KEEP, speaking.matter),
    Check("duration", Effect.KEEP, speaking.duration),
    Check("words_of_reports", Effect.KEEP, speaking.words_of_reports),
    Check("court_matter", Effect.NOTE, telling.court_matter),
    Check("legislation", Effect.NOTE, telling.legislation),
    Check("corruption", Effect.NOTE, telling.corruption),
    Check("crime", Effect.NOTE, telling.crime),
    Check("impossible_nik", Effect.ASK, telling.impossible_nik, missing=("nik",)),
    Check("empty", Effect.ASK, against.empty, missing=("content",)),
    Check("photo_alone", Effect.ASK, against.photo_alone, missing=("content",)),
    Check("place_alone", Effect.ASK, against.place_alone, missing=("content",)),
    Check("greeting_only", Effect.ASK, against.greeting_only, missing=("content",)),
    Check("announcement_only", Effect.ASK, against.announcement_only, missing=("content",)),
    Check("unreadable", Effect.ASK, against.unreadable, missing=("content",)),
    Check("no_matter", Effect.ASK, against.no_matter, missing=("content",)),
    Check("private_talk", Effect.ASK, against.private_talk, missing=("content",)),
    Check("wrong_number", Effect.ASK, against.wrong_number, missing=("content",)),
    Check("lure", Effect.ASK, against.lure, missing=("content",)),
    Check("test_message", Effect.HOLD, against.test_message),
    Check("gibberish", Effect.HOLD, against.gibberish),
    Check("abuse_only", Effect.HOLD, against.abuse_only),
    Check("advert", Effect.HOLD, against.advert),
    Check("scam", Effect.HOLD, against.scam),
    Check("chain_message", Effect.HOLD, against.chain_message),
    Check("idle_talk", Effect.HOLD, against.idle_talk),
    Check("words_of_others", Effect.HOLD, against.words_of_others),
    Check("flooding_sender", Effect.BESIDE, senders.flooding_sender),
    Check("junk_before", Effect.BESIDE, senders.junk_before),
    Check("genuine_before", Effect.KEEP, senders.genuine_before),
    Check("reads_as_no_report", Effect.JUDGE, learned.reads_as_no_report),
)
