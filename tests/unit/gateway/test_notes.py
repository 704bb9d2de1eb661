"""Notes and checkpoints are those of the public specifications: other people's come open, ours open elsewhere."""

from __future__ import annotations

import pytest

from gateway.notes import (
    Checkpoint,
    InvalidNote,
    Signer,
    Verifier,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_signer,
    parse_verifier,
    sign,
    sign_checkpoint,
    text_of,
)

# The example of Go's golang.org/x/mod/sumdb/note, which the specification was written down from.
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
GO_NOTE = f"{GO_TEXT}\n\u2014 PeterNeumann {GO_SIGNATURE}\n"
ORIGIN = "jurnal.example.go.id/uji"
SIGNER = Signer(ORIGIN, bytes(range(32)))
OTHER = Signer("saksi.example.org", bytes(32))
CHECKPOINT = Checkpoint(ORIGIN, 20_852_163, bytes(range(32)))


# ----------------------------------------------------------------------------------------------------------- compatible


def test_a_note_signed_by_the_reference_implementation_comes_open() -> None:
    assert open_note(GO_NOTE, [parse_verifier(GO_KEY)]) == GO_TEXT


def test_a_note_signed_here_is_the_one_that_the_reference_implementation_signs() -> None:
    assert sign(GO_TEXT, parse_signer(GO_SECRET)) == GO_NOTE


def test_keys_are_written_as_the_reference_implementation_writes_them() -> None:
    signer = parse_signer(GO_SECRET)
    assert (signer.secret(), str(signer.verifier)) == (GO_SECRET, GO_KEY)


def test_a_checkpoint_reads_as_the_specification_says() -> None:
    text = text_of(sign_checkpoint(CHECKPOINT, SIGNER))
    assert text == f"{ORIGIN}\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def test_the_example_of_the_specification_is_read() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert parse_checkpoint(text).size == 20_852_163


# ----------------------------------------------------------------------------------------------------------------- keys


@pytest.mark.parametrize("at", range(0, len(GO_KEY), 3))
def test_a_verifier_key_with_one_wrong_character_is_refused(at: int) -> None:
    wrong = GO_KEY[:at] + chr(ord(GO_KEY[at]) ^ 1) + GO_KEY[at + 1 :]
    with pytest.raises(InvalidNote):
        parse_verifier(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidNote):
        parse_verifier(text)


@pytest.mark.parametrize("text", [GO_KEY, GO_SECRET.replace("c74f20a3", "c74f20a4"), "PRIVATE+KEY+"])
def test_what_is_no_private_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidNote):
        parse_signer(text)


@pytest.mark.parametrize("name", ["", "dua kata", "satu+dua", "baris\nbaru", "spasi\u00a0tetap"])
def test_a_key_without_a_proper_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidNote):
        Signer(name, bytes(32))


def test_a_private_key_has_32_bytes_and_is_never_shown_by_accident() -> None:
    with pytest.raises(InvalidNote):
        Signer(ORIGIN, bytes(31))
    assert "seed" not in repr(SIGNER)


# -------------------------------------------------------------------------------------------------------------- opening


def test_any_changed_character_of_text_or_signature_breaks_a_note() -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    for at, character in enumerate(note):
        with pytest.raises(InvalidNote):
            open_checkpoint(note[:at] + chr(ord(character) ^ 1) + note[at + 1 :], [SIGNER.verifier])


def test_a_signature_of_an_unknown_key_is_passed_over() -> None:
    note = sign("Catatan\n", OTHER) + sign("Catatan\n", SIGNER).rpartition("\n\n")[2]
    assert open_note(note, [SIGNER.verifier]) == "Catatan\n"


def test_a_wrong_signature_of_a_known_key_refuses_the_note_even_beside_a_right_one() -> None:
    wrong = sign("Lain\n", OTHER).rpartition("\n\n")[2]
    note = sign("Catatan\n", SIGNER) + wrong
    with pytest.raises(InvalidNote, match="does not fit the text"):
        open_note(note, [SIGNER.verifier, OTHER.verifier])


def test_a_note_that_no_trusted_key_signed_is_refused() -> None:
    with pytest.raises(InvalidNote, match="no key that is trusted here"):
        open_note(sign("Catatan\n", OTHER), [SIGNER.verifier])


def test_a_key_of_the_same_name_is_another_key() -> None:
    namesake = Signer(ORIGIN, bytes(32))
    with pytest.raises(InvalidNote, match="no key that is trusted here"):
        open_note(sign("Catatan\n", namesake), [SIGNER.verifier])


def test_a_text_may_have_empty_lines() -> None:
    assert open_note(sign("Satu\n\nDua\n", SIGNER), [SIGNER.verifier]) == "Satu\n\nDua\n"


@pytest.mark.parametrize("text", ["tanpa akhir baris", "tab\there\n", "nol\0\n", "balik\r\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(InvalidNote):
        sign(text, SIGNER)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "Catatan\n",
        "Catatan\n\n",
        "Catatan\n\nbukan tanda tangan\n",
        "Catatan\n\n\u2014 nama\n",
        "Catatan\n\n\u2014 nama AAAA\n",
        "Catatan\n\n\u2014 nama ????\n",
        "Catatan\n\n\u2014 nama AAAAAAA=",
        "Catatan\n\n" + "\u2014 nama AAAAAAA=\n" * 101,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(InvalidNote):
        open_note(note, [SIGNER.verifier])


# ---------------------------------------------------------------------------------------------------------- checkpoints


def test_a_checkpoint_comes_back_as_it_was_signed() -> None:
    assert open_checkpoint(sign_checkpoint(CHECKPOINT, SIGNER), [SIGNER.verifier], ORIGIN) == CHECKPOINT


def test_a_checkpoint_of_another_log_is_refused() -> None:
    with pytest.raises(InvalidNote, match=r"not of jurnal\.lain"):
        open_checkpoint(sign_checkpoint(CHECKPOINT, SIGNER), [SIGNER.verifier], "jurnal.lain")


def test_extension_lines_of_other_logs_are_tolerated() -> None:
    text = text_of(sign_checkpoint(CHECKPOINT, SIGNER)) + "tambahan\n"
    assert parse_checkpoint(text) == CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n1\n",
        f"\n1\n{'A' * 43}=\n",
        f"{ORIGIN}\n01\n{'A' * 43}=\n",
        f"{ORIGIN}\n-1\n{'A' * 43}=\n",
        f"{ORIGIN}\n1\n{'A' * 43}=",
        f"{ORIGIN}\n1\n{'A' * 42}==\n",
        f"{ORIGIN}\n1\n{'A' * 42}B=\n",
        f"{ORIGIN}\n1\n{'A' * 43}=\n\n",
        f"{ORIGIN}\n\u0661\n{'A' * 43}=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InvalidNote):
        parse_checkpoint(text)


def test_a_public_key_that_is_no_point_signs_nothing() -> None:
    note = sign("Catatan\n", SIGNER)
    broken = Verifier(ORIGIN, b"\xff" * 32)
    with pytest.raises(InvalidNote):
        open_note(note, [broken])
