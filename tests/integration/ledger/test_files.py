"""Attachments wait until they are stored or given up."""

from __future__ import annotations

from gateway.ledger import Ledger
from gateway.ledger.erasure import erase_report
from gateway.ledger.file_values import FileCount, Inspected
from gateway.ledger.files import (
    count_undecided,
    file_failed,
    file_inspected,
    file_stored,
    owned_names,
    waiting_files,
)
from gateway.ledger.values import FileRow
from gateway.ledger.views import show_report
from tests.integration.ledger.doing import keep
from tests.integration.ledger.making import NOW, SP4N, a_report


async def kept_with_files(ledger: Ledger, number: int) -> list[FileRow]:
    report = a_report("wamid.1", SP4N, files=number)
    await keep(ledger, report)
    return list(report.files)


async def shown(ledger: Ledger, file: FileRow) -> FileRow:
    record = await ledger.read(show_report, file.report_id)
    assert record is not None
    return next(each for each in record.files if each.id == file.id)


async def test_attachments_wait_to_be_fetched(ledger: Ledger) -> None:
    files = await kept_with_files(ledger, 3)

    assert await ledger.read(waiting_files, 10) == sorted(files, key=lambda file: file.id)
    assert len(await ledger.read(waiting_files, 2)) == 2


async def test_a_stored_attachment_waits_no_more(ledger: Ledger) -> None:
    (file,) = await kept_with_files(ledger, 1)

    await ledger.write(file_stored, file.id, "ab/cd.sealed", 2048)

    stored = await shown(ledger, file)
    assert (stored.state, stored.stored, stored.size, stored.tries) == ("stored", "ab/cd.sealed", 2048, 1)
    assert await ledger.read(waiting_files, 10) == []


async def test_a_failed_try_is_counted_and_the_last_one_ends_it(ledger: Ledger) -> None:
    (file,) = await kept_with_files(ledger, 1)

    await ledger.write(file_failed, file.id, "Busy", False)
    again = await shown(ledger, file)
    assert (again.state, again.reason, again.tries) == ("waiting", "Busy", 1)

    await ledger.write(file_failed, file.id, "NotFound", True)
    given_up = await shown(ledger, file)
    assert (given_up.state, given_up.reason, given_up.tries) == ("failed", "NotFound", 2)


SEEN = Inspected("ab" * 32, "image/jpeg", "clean", None, "type_mismatch", None, "ef/copy")


async def test_what_was_found_in_a_file_stands_in_its_row(ledger: Ledger) -> None:
    (file,) = await kept_with_files(ledger, 1)
    await ledger.write(file_stored, file.id, "ab/cd", 2048)

    await ledger.write(file_inspected, file.id, SEEN)

    row = await shown(ledger, file)
    assert (row.state, row.sha256, row.media_type, row.scan) == ("stored", "ab" * 32, "image/jpeg", "clean")
    assert (row.notes, row.travels) == ("type_mismatch", "ef/copy")


async def test_a_withheld_file_is_counted_and_stays_withheld(ledger: Ledger) -> None:
    (file,) = await kept_with_files(ledger, 1)
    await ledger.write(file_stored, file.id, "ab/cd", 2048)

    await ledger.write(
        file_inspected, file.id, Inspected("0" * 64, "text/plain", "infected", "EICAR", None, "infected")
    )
    await ledger.write(file_inspected, file.id, SEEN)

    row = await shown(ledger, file)
    assert (row.state, row.reason, row.scan, row.found) == ("withheld", "infected", "infected", "EICAR")
    assert await ledger.read(count_undecided) == [FileCount("withheld", "infected", "infected", 1)]


async def test_both_the_original_and_its_copy_are_owned(ledger: Ledger) -> None:
    (file,) = await kept_with_files(ledger, 1)
    await ledger.write(file_stored, file.id, "ab/cd", 2048)
    await ledger.write(file_inspected, file.id, SEEN)

    assert await ledger.read(owned_names, ["ab/cd", "ef/copy", "ab/orphan"]) == {"ab/cd", "ef/copy"}
    assert await ledger.read(owned_names, []) == set()


async def test_an_erased_report_leaves_no_hash_of_its_files(ledger: Ledger) -> None:
    (file,) = await kept_with_files(ledger, 1)
    await ledger.write(file_stored, file.id, "ab/cd", 2048)
    await ledger.write(file_inspected, file.id, SEEN)

    assert await ledger.write(erase_report, file.report_id, "uji", NOW)

    assert (await shown(ledger, file)).sha256 is None
