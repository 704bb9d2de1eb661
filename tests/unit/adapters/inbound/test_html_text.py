"""HTML as its reader sees it, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.html_text import HTML_LIMIT, text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Jalan <b>rusak</b>&nbsp;&amp; gelap</p>", "Jalan rusak & gelap".replace(" &", "\xa0&")),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>satu</p><p>dua</p>", "satu\n\ndua"),
        ("<div>satu</div><div>dua</div>", "satu\ndua"),
        ("<ul><li>satu</li><li>dua</li></ul>", "satu\ndua"),
        ("<head><title>x</title><style>p{}</style></head><script>y()</script>isi", "isi"),
        ("isi<blockquote>lama<br>lagi</blockquote>akhir", "isi\n> lama\n> lagi\nakhir"),
        ("isi<div class='x gmail_quote'>lama<div>dalam</div></div>akhir", "isi\n> lama\n> dalam\nakhir"),
        ("1 < 2 dan 3 > 2", "1 < 2 dan 3 > 2"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "ab\nc"),
        ("", ""),
    ],
)
def test_the_words_come_out_in_their_lines(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize("html", ["<![if foo", "<!", "<![CDATA[x", "&#xFFFFFFFF;", "</blockquote></div></p>", "<" * 50])
def test_broken_html_is_read_as_far_as_it_goes(html: str) -> None:
    assert isinstance(text_of_html(html), str)


@given(
    st.text()
    | st.lists(st.sampled_from(["<p>", "</p>", "<blockquote>", "</blockquote>", "<![", "kata", "<style>", "&"])).map(
        "".join
    )
)
def test_anything_is_read(html: str) -> None:
    assert isinstance(text_of_html(html), str)


@pytest.mark.parametrize(
    "scrap",
    ["<", "<!--", "<!-- x", "<a ", "</", "<![CDATA[", "<?", "<!", "&#", "<a x='", "<a<", "<script></scrip", "<div>"],
)
@pytest.mark.timeout(20)
def test_a_document_that_leaves_everything_open_is_read_all_the_same(scrap: str) -> None:
    """The limit is far above what it takes, and far below the minutes that html.parser alone would take."""
    assert isinstance(text_of_html(scrap * (HTML_LIMIT // len(scrap))), str)


def test_comments_are_not_read_and_one_that_never_ends_hides_nothing() -> None:
    assert text_of_html("a<!-- x -->b<!-- y -->c") == "abc"
    assert "isi" in text_of_html("isi <!-- tidak pernah berakhir")


def test_the_end_of_an_element_that_has_none_is_passed_over() -> None:
    assert text_of_html("a</br></img>b").replace("\n", "") == "ab"
