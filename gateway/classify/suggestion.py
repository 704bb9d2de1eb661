"""What the classifier suggests, with how sure it is. An officer's or a channel's own choice is worth more."""

from __future__ import annotations

from schemas.base import Schema
from schemas.report import Location, Report
from schemas.vocabulary import Classification


class CategorySuggestion(Schema):
    """A parent category of LAPOR!'s tree and its probability; `id` is a category below it, where one is clear."""

    parent: str
    id: int | None = None
    probability: float


class PlaceSuggestion(Schema):
    """The region that the text names, with Kemendagri's code and the names of what it lies in."""

    province: str
    regency: str | None = None
    district: str | None = None
    village: str | None = None
    region_code: str

    def added_to(self, location: Location | None) -> Location:
        """The location with this region; one that names a region already stays as it is."""
        if location is not None and any(getattr(location, name) is not None for name in type(self).model_fields):
            return location
        return (location or Location()).model_copy(update=self.model_dump(exclude_none=True))


class Suggestion(Schema):
    """What a report seems to be about.

    `decides`: the category is sure enough to be taken without a person. `decides_class`: the same for the class.
    """

    classification: Classification
    classification_probability: float
    decides_class: bool
    category: CategorySuggestion
    alternatives: tuple[CategorySuggestion, ...] = ()
    place: PlaceSuggestion | None = None
    decides: bool

    def applied_to(self, report: Report) -> Report:
        """The report under this category and class, as far as they are sure and nobody chose others, with its place."""
        chosen: dict[str, object] = {}
        if self.decides and report.category_id is None and self.category.id is not None:
            chosen["category_id"] = self.category.id
        if self.decides_class and report.classification is Classification.UNKNOWN:
            chosen["classification"] = self.classification
        if self.place is not None:
            chosen["location"] = self.place.added_to(report.location)
        return report.model_copy(update=chosen) if chosen else report
