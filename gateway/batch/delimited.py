"""Rows of a CSV file, streamed, whatever its encoding and delimiter."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from schemas.errors import Malformed

DELIMITERS = (";", ",", "\t", "|")
LONGEST_FIELD = 256 * 1024
_PIECE = 1024 * 1024
_FIRST = 64 * 1024
_GUARDED = ("=", "+", "-", "@")


def encoding_of(path: Path) -> str:
    """The encoding of the whole file: what its first bytes say, else UTF-8 if all of it is, else Windows' own."""
    with path.open("rb") as file:
        first = file.read(_FIRST)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if first.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        zeros = first[1::2].count(0), first[::2].count(0)
        if max(zeros) > len(first) // 8:
            return "utf-16-le" if zeros[0] > zeros[1] else "utf-16-be"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def delimited_rows(path: Path, delimiter: str, encoding: str) -> Iterator[list[str]]:
    """Every row, as texts. Raises Malformed for a quotation that does not end."""
    csv.field_size_limit(LONGEST_FIELD)
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for row in reader:
                yield [_unguarded(text) for text in row]
        except csv.Error as error:
            told = f"{path.name}, line {reader.line_num}: {error}; look for a quotation mark that is not closed"
            raise Malformed(told) from error


def delimiter_of(path: Path, encoding: str, judge: Callable[[Sequence[Sequence[str]]], int], most: int) -> str:
    """The delimiter with which the first `most` rows make most sense, as `judge` says."""

    def first_rows(delimiter: str) -> list[list[str]]:
        rows: list[list[str]] = []
        for row in delimited_rows(path, delimiter, encoding):
            rows.append(row)
            if len(rows) >= most:
                break
        return rows

    return max(DELIMITERS, key=lambda delimiter: judge(first_rows(delimiter)))


def write_delimited(path: Path, delimiter: str, rows: Iterator[Sequence[str]]) -> None:
    """Write rows, so that a spreadsheet takes none of them for a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        for row in rows:
            writer.writerow([f"'{text}" if text.startswith(_GUARDED) else text for text in row])


def _unguarded(text: str) -> str:
    """A text as it was before it was kept from being taken for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in _GUARDED else text
