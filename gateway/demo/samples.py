"""The sample reports: invented messages of citizens, and a few that are no reports."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from schemas.base import Json

WHATSAPP = "whatsapp"
_ORDER = 7
"""Seed of the order in which the samples come, so that kinds and channels are mixed and every run is alike."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One message. `fields` are those of `schemas.report.ReportSubmission` that the sender gives beside the text."""

    id: str
    channel: str
    text: str
    name: str
    fields: Mapping[str, Json]

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude, if the sender shares them."""
        location = self.fields.get("location") or {}
        if "latitude" not in location or "longitude" not in location:
            return None
        return float(location["latitude"]), float(location["longitude"])


def load_samples() -> list[Sample]:
    """Every sample, in the order in which they are sent."""
    lines = files("gateway.demo").joinpath("reports.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [_sample(json.loads(line)) for line in lines if line.strip()]
    random.Random(_ORDER).shuffle(samples)  # noqa: S311 - an order, no secret
    return samples


def with_photo(samples: Sequence[Sample]) -> frozenset[str]:
    """The ids of those whose sender follows up with a photo: who shares a place, and every ninth of the others."""
    talks = [sample for sample in samples if sample.channel == WHATSAPP]
    return frozenset(sample.id for number, sample in enumerate(talks) if sample.place or number % 9 == 0)


def _sample(row: dict[str, Json]) -> Sample:
    fields = {name: value for name, value in row.items() if name not in ("id", "kind", "channel", "text")}
    return Sample(row["id"], row["channel"], row["text"], fields["reporter"]["name"], fields)
