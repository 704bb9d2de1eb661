"""Verdicts: what is accepted, asked about and held, and how findings weigh."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.screen import CHECKS, ScreenContext, Thresholds, explain, screen
from gateway.screen.checks import Check, Effect, Sight
from gateway.screen.reading import READ_LIMIT
from schemas.report import Attachment, Location, Message, Report
from schemas.screening import Finding, Verdict, VerdictKind
from schemas.vocabulary import Classification

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PHOTO = (Attachment(name="foto.jpg", media_type="image/jpeg"),)
PLACE = Location(latitude=-6.9, longitude=107.6)


def report_of(text: str, **fields: object) -> Report:
    return Report.model_validate({"title": "Laporan tanpa judul", "content": text, **fields})


def verdict_on(text: str, *, context: ScreenContext | None = None, **fields: object) -> Verdict:
    report = report_of(text, **fields)
    return screen(report, Message(sequence=0, received_at=NOW, text=text), context=context or ScreenContext())


def names(verdict: Verdict) -> set[str]:
    return {finding.check for finding in verdict.findings}


@pytest.mark.parametrize(
    "text",
    [
        "jalan rusak",
        "jln rsk bgt pak",
        "gmn sih ktp",
        "BANGSAT INI JALAN RUSAK TERUS KAPAN DIBENERIN",
        "lampu mati goblok!!!",
        "Dalan ngarep omah bolong kabeh pak",
        "Cai PDAM teu ngocor tilu poe",
        "apakah besok kantor camat buka",
        "anjing liar menggigit anak di kampung kami",
        "ada monyet di sini",
        "tes cpns kok diundur terus",
        "slot gacor meresahkan di kampung saya",
        "pupuk subsidi dijual mahal oleh distributor",
        "saya nasabah bank daerah, hadiah undian tidak dikasih",
        "driver ojol parkir sembarangan depan stasiun",
        "sudah 20 orang sakit dalam 24 jam",
        "DPMPTSP belum buka juga",
        "koperasi simpan pinjam kabur bawa uang",
        "properti sekolah hilang",
        "mama saya minta dibelikan obat, puskesmas tutup",
    ],
)
def test_a_rough_but_genuine_report_is_accepted(text: str) -> None:
    assert verdict_on(text).kind is VerdictKind.ACCEPT


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("", "empty"),
        ("...", "empty"),
        ("👍", "empty"),
        ("12345", "empty"),
        ("https://contoh.example/x", "empty"),
        ("halo min", "greeting_only"),
        ("P", "greeting_only"),
        ("sampurasun", "greeting_only"),
        ("matur nuwun nggih pak", "greeting_only"),
        ("lapor pak", "announcement_only"),
        ("tolooooong bantu saya", "announcement_only"),
        ("mau cek laporan", "announcement_only"),
        ("bkrtng pntrnk", "unreadable"),
    ],
)
def test_the_reporter_is_asked_when_no_matter_is_named(text: str, check: str) -> None:
    verdict = verdict_on(text)
    assert (verdict.kind, verdict.missing) == (VerdictKind.ASK, ("content",))
    assert check in names(verdict)


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("tes", "test_message"),
        ("test lapor 123", "test_message"),
        ("cek cek", "test_message"),
        ("asdfghjkl", "gibberish"),
        ("qwerty qwerty", "gibberish"),
        ("zxczxczxc", "gibberish"),
        ("aaaaaaaaaaaa", "gibberish"),
        ("x" * 60, "gibberish"),
        ("ksjdhfkj sdkjfhs", "gibberish"),
        ("anjing kalian semua goblok", "abuse_only"),
        ("bangsaaaat", "abuse_only"),
        ("Pinjaman dana cepat cair tanpa jaminan, minat hub 0812", "advert"),
        ("𝗦𝗟𝗢𝗧 𝗚𝗔𝗖𝗢𝗥 maxwin bonus https://contoh.example", "advert"),
        ("Selamat anda terpilih pemenang undian berhadiah", "scam"),
        ("teruskan ke 10 orang dan sebarkan pesan ini, jangan putus", "chain_message"),
        ("wkwkwk gabut iseng aja", "idle_talk"),
    ],
)
def test_what_is_surely_no_report_is_held_for_a_person(text: str, check: str) -> None:
    verdict = verdict_on(text)
    assert verdict.kind is VerdictKind.HOLD
    assert check in names(verdict)
    assert verdict.missing == ()


def test_a_photo_without_words_is_asked_about() -> None:
    verdict = verdict_on("", attachments=PHOTO)
    assert (verdict.kind, names(verdict)) == (VerdictKind.ASK, {"photo_alone"})


def test_a_place_without_words_is_asked_about() -> None:
    verdict = verdict_on("ini pak", location=PLACE)
    assert verdict.kind is VerdictKind.ASK
    assert "place_alone" in names(verdict)


def test_a_photo_or_place_of_the_last_message_counts_as_well() -> None:
    report = report_of("")
    photo = Message(sequence=1, received_at=NOW, attachments=PHOTO)
    place = Message(sequence=1, received_at=NOW, location=PLACE)
    assert names(screen(report, photo, context=ScreenContext())) == {"photo_alone"}
    assert names(screen(report, place, context=ScreenContext())) == {"place_alone"}


def test_words_of_the_last_message_count_when_the_report_lacks_them() -> None:
    later = Message(sequence=1, received_at=NOW, text="jembatan putus di desa kami")
    assert screen(report_of("lapor pak"), later, context=ScreenContext()).kind is VerdictKind.ACCEPT


def test_a_photo_with_words_about_it_is_accepted() -> None:
    assert verdict_on("tiang miring", attachments=PHOTO, location=PLACE).kind is VerdictKind.ACCEPT


def test_an_insult_beside_a_photo_may_be_about_an_animal() -> None:
    assert verdict_on("anjing", attachments=PHOTO).kind is not VerdictKind.HOLD


def test_a_title_counts_only_when_the_reporter_wrote_it() -> None:
    title = "Jembatan putus di Desa Sukamaju"
    assert verdict_on("tolong", title=title).kind is VerdictKind.ASK
    assert verdict_on("tolong", title=title, context=ScreenContext(title_written=True)).kind is VerdictKind.ACCEPT


def test_a_class_or_category_speaks_for_a_report() -> None:
    filed = verdict_on("gabut iseng", classification=Classification.ASPIRATION)
    assert (filed.kind, verdict_on("gabut iseng").kind) == (VerdictKind.ACCEPT, VerdictKind.HOLD)
    assert "filed" in names(verdict_on("lampu mati", category_id=1398))


@pytest.mark.parametrize(
    "text",
    [
        "kebakaran",
        "tes tes ada kebakaran",
        "tulung omahe kobongan",
        "tulung pak, omahe mbah kobong",
        "anjing goblok tolong ada begal",
        "promo apaan, ini toko hp kebakaran pak",
    ],
)
def test_an_emergency_is_never_held_nor_asked_about(text: str) -> None:
    verdict = verdict_on(text)
    assert (verdict.kind, "emergency" in names(verdict)) == (VerdictKind.ACCEPT, True)


@pytest.mark.parametrize(
    "text",
    [
        "wkwkwk gabut iseng kebakaran",
        "promo slot gacor daftar sekarang klik link bonus, eh tolong ada tabrakan",
        "promo alat pemadam kebakaran harga murah hub 08123 ready stock",
        "sebarkan! besok akan terjadi tsunami kirim ke 20 grup biar selamat dapat pahala",
        "hati gw kebakaran nih butuh pemadam cinta",
    ],
)
def test_a_word_of_danger_among_jokes_and_offers_is_asked_about_and_never_held(text: str) -> None:
    verdict = verdict_on(text)
    assert (verdict.kind, "emergency" in names(verdict)) == (VerdictKind.ASK, True)


def test_emergency_money_is_no_emergency() -> None:
    text = "Butuh dana darurat? Darurat pak, pinjaman dana tunai cepat cair tanpa jaminan, minat hub"
    assert verdict_on(text).kind is VerdictKind.HOLD


def test_a_victim_may_quote_the_fraud() -> None:
    text = "saya dapat sms begini: selamat anda pemenang undian berhadiah klik link, benar tidak?"
    assert verdict_on(text).kind is VerdictKind.ACCEPT


def test_an_offer_that_asks_for_no_answer_is_not_held() -> None:
    rules = ScreenContext(checks=tuple(check for check in CHECKS if check.effect is not Effect.JUDGE))
    offer = "promo diskon cashback termurah bergaransi"
    assert verdict_on(offer, context=rules).kind is VerdictKind.ASK
    assert verdict_on(f"{offer} hub wa", context=rules).kind is VerdictKind.HOLD


def test_signs_inside_one_another_count_once() -> None:
    verdict = verdict_on("menang undian")
    assert [finding.score for finding in verdict.findings if finding.check == "scam"] == [0.3]


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    padding = "lorem " * (READ_LIMIT // 6)
    assert "emergency" not in names(verdict_on(f"{padding} kebakaran"))


def test_reasons_quote_neither_text_nor_identity() -> None:
    text = "Sri Wahyuni 081200000001 lapor jalan rusak di Jl. Mawar, pungli dinas, promo slot klik link"
    told = " ".join(finding.reason for finding in verdict_on(text).findings).lower()
    assert not any(word in told for word in ("sri", "wahyuni", "0812", "mawar", "pungli", "slot"))


def test_thresholds_decide() -> None:
    never = ScreenContext(thresholds=Thresholds(hold=9.0, ask=9.0, doubtful=9.0, held=9.0))
    assert verdict_on("tes", context=never).kind is VerdictKind.ACCEPT


def test_a_check_is_added_by_a_row() -> None:
    always = Check("always", Effect.ASK, lambda reading: Sight(1.0, "asks always"), missing=("place", "content"))
    twice = ScreenContext(checks=(always, always))
    verdict = verdict_on("jalan rusak", context=twice)
    finding = Finding(check="always", score=1.0, reason="asks always")
    assert verdict == Verdict(kind=VerdictKind.ASK, findings=(finding, finding), missing=("place", "content"))


def test_what_speaks_for_a_report_is_taken_off() -> None:
    against = Check("against", Effect.HOLD, lambda reading: Sight(0.7, "against"))
    speaking = Check("for", Effect.KEEP, lambda reading: Sight(0.2, "for"))
    assert verdict_on("x", context=ScreenContext(checks=(against,))).kind is VerdictKind.HOLD
    assert verdict_on("x", context=ScreenContext(checks=(against, speaking))).kind is VerdictKind.ASK
    enough = ScreenContext(checks=(against, speaking, speaking))
    assert verdict_on("x", context=enough).kind is VerdictKind.ACCEPT


def test_what_is_too_little_to_hold_may_be_enough_to_ask() -> None:
    against = Check("against", Effect.HOLD, lambda reading: Sight(0.5, "against"))
    verdict = verdict_on("x", context=ScreenContext(checks=(against,)))
    assert (verdict.kind, verdict.missing) == (VerdictKind.ASK, ("content",))


def test_a_note_changes_no_verdict() -> None:
    note = Check("note", Effect.NOTE, lambda reading: Sight(1.0, "told"))
    assert verdict_on("x", context=ScreenContext(checks=(note,))).kind is VerdictKind.ACCEPT


@given(st.text(max_size=200))
def test_the_same_message_gets_the_same_verdict(text: str) -> None:
    assert verdict_on(text) == verdict_on(text)


@given(
    st.lists(
        st.sampled_from(["zulkarnaen", "promo", "klik", "pungli", "rusak", "pacar", "slot", "081200000001"]), max_size=9
    )
)
def test_reasons_never_quote_the_text(words: list[str]) -> None:
    told = " ".join(finding.reason for finding in verdict_on(" ".join(words)).findings)
    assert not any(word in told for word in words)


def test_the_verdict_explains_itself_in_lines() -> None:
    rules = ScreenContext(checks=tuple(check for check in CHECKS if check.effect is not Effect.JUDGE))
    assert explain(verdict_on("lapor pak", context=rules)) == (
        "verdict: ask",
        "action: asks for action or an answer (keep, 0.2)",
        "announcement_only: announces a matter without naming it (ask, 1)",
        "no_matter: names nothing that is a public body's business (ask, 0.9)",
        "missing: content",
    )


def test_a_finding_of_a_check_that_is_gone_is_still_shown() -> None:
    old = Verdict(kind=VerdictKind.HOLD, findings=(Finding(check="old", score=1.0, reason="of long ago"),))
    assert explain(old) == ("verdict: hold", "old: of long ago (unknown, 1)")


def test_names_of_checks_are_distinct() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@given(st.text(max_size=300))
def test_any_text_gets_a_verdict_with_weights_between_0_and_1(text: str) -> None:
    assert all(0 < finding.score <= 1 for finding in verdict_on(text).findings)


@given(st.text(max_size=80))
def test_what_names_an_emergency_is_never_held_whatever_stands_around_it(text: str) -> None:
    assert verdict_on(f"kebakaran {text}").kind is not VerdictKind.HOLD
