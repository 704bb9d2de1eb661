"""A form on its page: empty, or as it came back."""

from __future__ import annotations

from gateway.console.forms import FormOnPage, Returned, on_page, shown_again

BACK = Returned("decide", {"why": ["<b>"], "id": ["1", "2"], "empty": []}, {"to": "choose", "why": "too long"}, 422)


def test_only_the_form_that_came_back_shows_what_was_typed_and_what_is_wrong() -> None:
    own, other = on_page("decide", "/console/review", "t", BACK), on_page("", "/console/review", "t", BACK)
    assert [form.came_back for form in (own, other)] == [True, False]
    assert [form.value("why", "usual") for form in (own, other)] == ["<b>", "usual"]
    assert [form.problem("to") for form in (own, other)] == ["choose", ""]
    assert [form.ticked("id", 2) for form in (own, other)] == [True, False]
    assert [form.count("id") for form in (own, other)] == [2, 0]


def test_a_field_that_was_not_sent_is_as_usual_and_one_without_a_value_is_empty() -> None:
    form = on_page("decide", "", "", BACK)
    assert (form.value("to", 7), form.value("empty", 7), form.ticked("to", "")) == ("7", "", False)


def test_the_first_of_what_is_wrong_is_where_to_begin() -> None:
    form, whole = on_page("decide", "", "", BACK), FormOnPage("", "", "", Returned("", {}, {"": "gone"}, 409))
    assert [form.is_first(name) for name in ("to", "why", "")] == [True, False, False]
    assert (whole.is_first(""), FormOnPage("", "", "").is_first("")) == (False, False)


def test_fields_of_different_forms_of_a_page_have_different_ids() -> None:
    assert [FormOnPage(name, "", "").id("why") for name in ("", "decide")] == ["why", "why-decide"]


def test_neither_tokens_nor_passwords_are_shown_again() -> None:
    sent = {"csrf": ["t"], "here": ["/"], "form": ["x"], "old": ["s"], "new": ["s"], "password": ["s"], "why": ["w"]}
    assert shown_again(sent) == {"why": ["w"]}
