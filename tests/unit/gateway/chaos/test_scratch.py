"""The copy's configuration keeps how destinations conduct themselves, and no address, secret or long wait of theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from adapters.destinations import DESTINATIONS
from gateway.chaos.moods import MOODS
from gateway.chaos.regime import HOST
from gateway.chaos.scratch import parts_of, scratch_config, topics_of
from gateway.chaos.sender import submissions
from gateway.config import Config, parse_config
from schemas.handoff import Repeat

ROOT = Path(__file__).resolve().parents[4]
TEXT = (ROOT / "docs/gateway.example.yaml").read_text("utf-8")


def read(text: str) -> Config:
    around = {"SP4N_TOKEN": "t", "SP4N_SECOND_TOKEN": "t", "INSPEKTORAT_SIGNING_SECRET": "whsec_" + "a2Vt" * 8}
    text = text.replace("file:/run/secrets/dinkes_signing_secret", "env:INSPEKTORAT_SIGNING_SECRET")
    return parse_config(text, file="gateway.yaml", kinds=DESTINATIONS, production=False, environ=around)


def copied() -> tuple[str, Config]:
    parts = parts_of(read(TEXT))
    text = scratch_config(TEXT, parts, {part.name: f"http://{HOST}:1234" for part in parts})
    return text, read(text)


def test_every_destination_is_played_with_its_own_way_of_repeating() -> None:
    assert {part.name: (part.played_by, part.repeat) for part in parts_of(read(TEXT))} == {
        "sp4n": ("sp4n", Repeat.NEITHER),
        "dinas-kesehatan": ("ministry", Repeat.DEDUPES),
        "inspektorat": ("ministry", Repeat.NEITHER),
    }


def test_no_address_and_no_secret_of_the_original_is_in_the_copy() -> None:
    text, config = copied()
    assert {entry.entry.url for entry in config.destinations.values()} == {f"http://{HOST}:1234"}
    assert [word for word in ("example.go.id", "layanan.go.id", "env:", "file:") if word in text] == []


def test_limits_rules_and_conduct_are_those_of_the_original() -> None:
    before, after = read(TEXT), copied()[1]
    for name, entry in before.destinations.items():
        other = after.destinations[name]
        assert (entry.concurrency, entry.rate, entry.identity) == (other.concurrency, other.rate, other.identity)
        assert (entry.conduct.deadline, entry.conduct.drift) == (other.conduct.deadline, other.conduct.drift)
        assert entry.conduct.doubt.then == other.conduct.doubt.then
        assert entry.retry.horizon == other.retry.horizon
    assert [rule.name for rule in before.rules.rules] == [rule.name for rule in after.rules.rules]


def test_nothing_in_the_copy_waits_for_opening_hours_or_a_person_to_resume_it() -> None:
    config = copied()[1]
    assert [entry.name for entry in config.destinations.values() if entry.paused] == []
    assert {entry.conduct.opening.maintenance for entry in config.destinations.values()} == {()}


def test_reports_speak_of_what_the_rules_listen_for_and_are_the_same_for_the_same_seed() -> None:
    topics = topics_of(TEXT)
    assert topics == ["air bersih", "Kementerian Kesehatan", "Dinas Kesehatan Kota Bandung"]
    made: list[dict[str, Any]] = [json.loads(one.body) for one in submissions(50, topics, 7)]
    assert {topic for topic in topics if any(topic in one["content"] for one in made)} == set(topics)
    assert len({one["message_id"] for one in made}) == len({one["content"] for one in made}) == 50
    assert [one.body for one in submissions(50, topics, 7)] == [one.body for one in submissions(50, topics, 7)]
    assert [one.body for one in submissions(50, topics, 7)] != [one.body for one in submissions(50, topics, 8)]


def test_there_is_a_mood_for_each_way_in_which_destinations_are_known_to_fail() -> None:
    assert {"hangs", "drips", "resets", "garbles", "flaps", "is gone"} < set(MOODS)
