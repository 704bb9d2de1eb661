"""LAPOR!'s categories as services."""

from __future__ import annotations

from gateway.categories import load_categories
from gateway.georeport.services import OTHER, changeset, load_services, service_of


def test_every_category_with_an_id_is_a_service_and_one_more_is_for_the_rest() -> None:
    assert set(load_services()) == {str(identity) for identity in load_categories().by_id} | {OTHER}


def test_a_report_without_a_known_category_is_filed_under_the_rest() -> None:
    assert [service_of(each).code for each in (1397, None, 999_999)] == ["1397", OTHER, OTHER]


def test_the_changeset_is_the_same_as_long_as_the_list_is() -> None:
    assert (changeset(), len(changeset())) == (changeset(), 16)
