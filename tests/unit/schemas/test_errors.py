"""Errors carry what the caller needs, and nothing else."""

from __future__ import annotations

import pytest

from schemas import errors


def test_every_error_is_one_of_ours() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert [kind for kind in kinds if not issubclass(kind, errors.GatewayError)] == []


def test_the_tree_at_the_top_names_every_error() -> None:
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert {kind for kind in kinds if kind not in (errors.__doc__ or "")} == set()


def test_an_error_keeps_detail_and_context() -> None:
    error = errors.Conflict("use another id", message_ids=["loket-1"])
    assert (error.detail, error.context) == ("use another id", {"message_ids": ["loket-1"]})


@pytest.mark.parametrize(
    ("error", "attribute", "value"),
    [
        (errors.Invalid("x"), "errors", []),
        (
            errors.Invalid("x", [{"at": "title", "problem": "is missing"}]),
            "errors",
            [{"at": "title", "problem": "is missing"}],
        ),
        (errors.Busy("x"), "retry_after", 5.0),
        (errors.Overloaded("x", retry_after=2), "retry_after", 2),
        (errors.Misconfigured("x"), "problems", []),
        (errors.Misconfigured("x", ["routes.yaml line 3"]), "problems", ["routes.yaml line 3"]),
    ],
)
def test_an_error_says_what_to_do(error: errors.GatewayError, attribute: str, value: object) -> None:
    assert getattr(error, attribute) == value


def test_a_misconfiguration_is_printed_with_every_problem() -> None:
    error = errors.Misconfigured("two settings are wrong", ["routes.yaml line 3", "routes.yaml line 9"])
    assert str(error) == "two settings are wrong\nroutes.yaml line 3\nroutes.yaml line 9"
