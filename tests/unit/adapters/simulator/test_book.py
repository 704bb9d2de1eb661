"""The book: what was taken stays taken, through a restart and through a kill."""

from __future__ import annotations

from pathlib import Path

from adapters.simulator import Book


def test_entries_keep_their_order_and_kind() -> None:
    book = Book()
    for entry in ({"kind": "file", "id": 1}, {"kind": "complaint", "id": 2}, {"kind": "file", "id": 3}):
        book.append(entry)

    assert [entry["id"] for entry in book.entries] == [1, 2, 3]
    assert [entry["id"] for entry in book.of("file")] == [1, 3]
    assert book.since(2) == [{"kind": "file", "id": 3}]
    assert len(book) == 3


def test_a_book_in_a_file_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    first = Book(path)
    first.append({"kind": "complaint", "judul": "Jalan rusak di Cibaduyut — parah"})
    first.close()

    second = Book(path)
    second.append({"kind": "complaint", "judul": "Lampu jalan padam"})

    assert [entry["judul"] for entry in second.entries] == ["Jalan rusak di Cibaduyut — parah", "Lampu jalan padam"]
    assert Book(path).entries == second.entries
    second.close()


def test_an_entry_is_in_the_file_before_the_answer_goes_out(tmp_path: Path) -> None:
    book = Book(tmp_path / "book.jsonl")
    book.append({"id": 1})

    assert (tmp_path / "book.jsonl").read_bytes() == b'{"id":1}\n'
    book.close()


def test_a_line_that_a_kill_cut_short_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    path.write_bytes(b'{"id":1}\n{"id":')
    book = Book(path)
    book.append({"id": 2})
    book.close()

    assert path.read_bytes() == b'{"id":1}\n{"id":2}\n'
