"""What a report is about: class, category and place, suggested from its words. Pure."""

from __future__ import annotations

from collections import Counter
from functools import cache

from gateway.categories import load_categories
from gateway.classify.classes import SURE, guess_class
from gateway.classify.model import load_model
from gateway.classify.suggestion import CategorySuggestion, PlaceSuggestion, Suggestion
from gateway.lexicon import load_lexicon
from gateway.regions import region_in, region_parts
from gateway.text import Text, text_of
from gateway.wording import words
from schemas.report import Report

__all__ = ["CategorySuggestion", "PlaceSuggestion", "Suggestion", "classify", "explain"]

ALTERNATIVES = 3


def classify(report: Report, text: Text | None = None) -> Suggestion:
    """What the title and the content of a report say of its class, category and place.

    `text` is the report's, where it was cut before. The category is the likeliest parent; it has an id where the
    phrases name one, or the parent's own `Lainnya`.
    """
    text = text or text_of(report)
    found, model = text.matters, load_model()
    ranked = model.probabilities(text.usual, load_lexicon(), found)
    points = load_lexicon().ids(found)
    first, *others = (_category(parent, sure, points.get(parent)) for parent, sure in ranked[: ALTERNATIVES + 1])
    guess = guess_class(text.usual)
    return Suggestion(
        classification=guess.classification,
        classification_probability=guess.probability,
        decides_class=guess.probability >= SURE,
        category=first,
        alternatives=tuple(others),
        place=_place(text),
        decides=bool(text.usual) and model.decides(text.usual, load_lexicon(), *ranked[0]),
    )


def explain(suggestion: Suggestion) -> tuple[str, ...]:
    """The suggestion in lines for people, the likeliest category first."""
    categories = load_categories().by_id
    lines = [f"class: {suggestion.classification.value} ({suggestion.classification_probability:.0%})"]
    for name, one in (("category", suggestion.category), *(("or", other) for other in suggestion.alternatives)):
        known = categories.get(one.id) if one.id is not None else None
        below = f", {known.id} {known.name}" if known else ""
        lines.append(f"{name}: {one.parent}{below} ({one.probability:.0%})")
    if suggestion.place is not None:
        place = suggestion.place
        named = ", ".join(filter(None, (place.village, place.district, place.regency, place.province)))
        lines.append(f"place: {named} ({suggestion.place.region_code})")
    decided = [name for name, sure in (("class", suggestion.decides_class), ("category", suggestion.decides)) if sure]
    return (*lines, f"sure enough to stand without a person: {', '.join(decided) or 'nothing'}")


def _place(text: Text) -> PlaceSuggestion | None:
    code = region_in(text.spelt, text.usual)
    return PlaceSuggestion(**region_parts(code), region_code=code) if code else None


def _category(parent: str, probability: float, points: Counter[int] | None) -> CategorySuggestion:
    best = points.most_common(2) if points else []
    clear = best and (len(best) == 1 or best[0][1] > best[1][1])
    chosen = best[0][0] if clear else _general_ids().get(parent)
    return CategorySuggestion(parent=parent, id=chosen, probability=round(probability, 4))


@cache
def _general_ids() -> dict[str, int]:
    """By parent, the id of what is filed under it and nowhere below: `Lainnya terkait …`, or its own name."""
    general: dict[str, int] = {}
    for category in load_categories().by_id.values():
        parent = words(category.parent)
        if words(category.name) in (parent, ["lainnya", "terkait", *parent]):
            general[category.parent] = category.id
    return general
