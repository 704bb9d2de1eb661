"""Names of regions as people spell them: without spaces, and a letter off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.wording import words

_ALIKE = 88.0
"""Of 100: a letter too many, too few or swapped in a name of six letters, a wrong one in a name of nine."""
_SHORTEST = 6
_APART = 4.0
"""By so much the next best must be worse, or nobody can say which of the two is meant."""


def squashed(name: str) -> str:
    """The letters and digits of a name, folded: `Suka Maju` and `sukamaju` are one, `Je'nemadinging` has no mark."""
    return "".join(words(name))


def exact(spelt: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The codes of those that are spelt so. `names` are squashed, by code."""
    return tuple(code for code, name in names.items() if name == spelt) if spelt in names.values() else ()


def closest(spellings: Sequence[str], names: Mapping[str, str]) -> str | None:
    """The code of the one name that surely one of the spellings means, with a slip in it; None when it is not sure.

    `names` are squashed, by code.
    """
    from rapidfuzz import fuzz, process  # loaded where a name is misspelt, not where a process starts

    best: dict[str, float] = {}
    for spelt in spellings:
        if len(spelt) >= _SHORTEST:
            for _, score, code in process.extract(spelt, names, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3):
                best[code] = max(score, best.get(code, 0.0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _APART):
        return None
    return ranked[0][0]
