"""The whole conversation in order: what each check is called, what it wants, and what to do when it is not so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from gateway.cli.certify import crowding, patience, reaching, refusing, taking
from gateway.cli.certify.talk import Talk
from gateway.cli.certify.verdicts import Found, Result, Verdict, skipped

Run = Callable[[Talk], Awaitable[Verdict]]

_KEY = (
    "simpan Idempotency-Key di bawah indeks unik, bersama nomor rujukannya, dalam satu transaksi / "
    "keep Idempotency-Key under a unique index together with its reference, in one transaction"
)
_SIGNED = (
    "periksa tanda tangan dan waktunya sebelum membaca isi, dan jawab 401 / "
    "check signature and timestamp before reading the body, and answer 401"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `first`: without it the others say nothing."""

    title: str
    run: Run
    mend: str
    first: bool = False

    @property
    def name(self) -> str:
        """Its name in tables, JSON and tests."""
        return getattr(self.run, "__name__", "")


CHECKS: tuple[Check, ...] = (
    Check(
        "dapat dihubungi / can be reached",
        reaching.can_be_reached,
        "periksa alamat, DNS dan firewall / check the address, the name server and the firewall",
        first=True,
    ),
    Check(
        "sertifikat TLS berlaku / the TLS certificate holds",
        reaching.has_a_certificate,
        "pasang HTTPS dengan sertifikat yang sah, perbarui sebelum habis / serve HTTPS with a trusted certificate",
    ),
    Check(
        "kasus baru diterima / a new case is taken",
        taking.takes_a_case,
        "simpan kasus, lalu jawab 201 dengan receipt.reference; bandingkan rahasia dan jam / "
        "store the case, then answer 201 with receipt.reference; compare secret and clock",
        first=True,
    ),
    Check("kunci sama, tanda terima sama / same key, same receipt", taking.same_key_same_receipt, _KEY),
    Check("kunci sama, isi lain / same key, other body", taking.same_key_other_body, _KEY),
    Check("kiriman serentak, satu kasus / repeats at once, one case", crowding.concurrent_repeats, _KEY),
    Check(
        "dua kasus, dua nomor / two cases, two references",
        taking.different_cases_different_receipts,
        "beri setiap kasus nomor sendiri / give each case a reference of its own",
    ),
    Check("tanda tangan salah ditolak / a wrong signature is refused", refusing.refuses_a_wrong_signature, _SIGNED),
    Check("tanpa tanda tangan ditolak / no signature is refused", refusing.refuses_a_missing_signature, _SIGNED),
    Check("isi yang diubah ditolak / an altered body is refused", refusing.refuses_an_altered_body, _SIGNED),
    Check("waktu lama ditolak / an old timestamp is refused", refusing.refuses_an_old_timestamp, _SIGNED),
    Check("waktu mendatang ditolak / an early timestamp is refused", refusing.refuses_an_early_timestamp, _SIGNED),
    Check("tanpa bukti ditolak / a stranger is refused", refusing.refuses_a_stranger, _SIGNED),
    Check(
        "dua tanda tangan, satu cocok / two signatures, one fits",
        refusing.takes_one_of_two_signatures,
        "pisahkan webhook-signature pada spasi; satu yang cocok cukup / "
        "split webhook-signature at spaces; one that fits is enough",
    ),
    Check(
        "tanda tangan atas bita mentah / signature over the raw bytes",
        taking.reads_the_raw_bytes,
        "hitung HMAC dari bita yang datang, jangan dari JSON yang ditulis ulang / sign the bytes that came, not JSON "
        "written anew",
    ),
    Check(
        "kolom tak dikenal diabaikan / unknown fields are ignored",
        taking.tolerates_unknown_fields,
        "abaikan kolom yang tidak dikenal; kolom baru akan datang / ignore fields that you do not know",
    ),
    Check(
        "semua kolom dan aksara diterima / every field and character is taken",
        taking.takes_every_field,
        "pakai UTF-8 penuh (utf8mb4), kolom panjang, dan null di mana saja / full UTF-8 (utf8mb4), long columns, null "
        "anywhere",
    ),
    Check(
        "isi besar diterima / a big body is taken",
        taking.takes_a_big_body,
        "naikkan batas isi di peladen, proxy dan kerangka kerja / raise the limit of server, proxy and framework",
    ),
    Check(
        "sampah dijawab 4xx / garbage is answered 4xx",
        refusing.refuses_garbage,
        "jawab 400 atau 422 untuk isi yang bukan kasus; 500 membuat gateway mengulang / "
        "answer 400 or 422 to what is no case; after a 500 the gateway tries again",
    ),
    Check(
        "pengirim lambat tidak menahan yang lain / a slow sender holds up nobody",
        crowding.serves_beside_a_slow_sender,
        "layani beberapa permintaan sekaligus, dengan batas waktu per koneksi / serve several requests at once",
    ),
    Check(
        "kasus ditemukan menurut kuncinya / a case is found by its key",
        taking.finds_a_case_by_its_key,
        "jawab GET menurut idempotency_key, 404 bila tidak ada / "
        "answer GET by idempotency_key, 404 when it is not there",
    ),
    Check(
        "429 dan 503 menyebut kapan kembali / 429 and 503 say when to come back",
        patience.says_when_to_come_back,
        "kirim Retry-After dengan 429 dan 503, lalu terima permintaan yang sama; 410 hanya bila alamat ditutup / send "
        "Retry-After with 429 and 503, then take the same request; 410 only where the address is closed",
    ),
    Check(
        "pesan susulan diterima / an addition is taken",
        taking.takes_an_addition,
        "terima case.added; prior_reference menyebut kasusnya / take case.added; prior_reference names its case",
    ),
    Check(
        "pencabutan diterima / a withdrawal is taken",
        taking.takes_a_withdrawal,
        "terima case.withdrawn; tutup kasusnya / take case.withdrawn; close its case",
    ),
    Check(
        "jawaban tepat waktu / answers come in time",
        reaching.answers_in_time,
        "simpan dulu, kerjakan kemudian / store first, work later",
    ),
    Check(
        "tidak mengalihkan / never redirects",
        reaching.never_redirects,
        "berikan alamat akhir; gateway tidak mengikuti pengalihan / give the final address; redirects are not followed",
    ),
)


async def certified(talk: Talk) -> AsyncIterator[Found]:
    """Every check with its verdict, as it comes. Where nothing is taken, the rest is not asked."""
    over = ""
    for check in CHECKS:
        verdict = skipped(over) if over and check.run not in _ALWAYS else await check.run(talk)
        if verdict.result is Result.FAILED and check.first:
            over = f"`{check.name}` failed"
        yield Found(check.name, check.title, verdict, check.mend if verdict.result is Result.FAILED else "")


_ALWAYS: tuple[Run, ...] = (reaching.never_redirects,)
