"""What an alert says: what is so, what it means, and what to do; Indonesian first, English beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gateway.alerts.conditions import Kind
from schemas.base import Json


class Told(NamedTuple):
    """A text in both languages; each may name figures of the alert's detail and its `subject`."""

    id: str
    en: str

    def filled(self, subject: str, detail: Mapping[str, Json]) -> dict[str, str]:
        """Both texts with their figures, by language."""
        values = {**detail, "subject": subject}
        return {"id": self.id.format(**values), "en": self.en.format(**values)}


class Explained(NamedTuple):
    """An alert in words: a line, why it matters and what it does, and what to do next."""

    title: Told
    meaning: Told
    todo: Told


WORDS: dict[Kind, Explained] = {
    Kind.DESTINATION_DOWN: Explained(
        Told("Tujuan {subject} tidak berfungsi", "The destination {subject} is down"),
        Told(
            "Pengiriman ke sana gagal terus, jadi hanya dicoba sesekali. Laporan menunggu dan tidak ada yang hilang; "
            "setelah 76 jam laporan disisihkan.",
            "Deliveries there keep failing, so it is only probed now and then. Reports wait and none is lost; after 76 "
            "hours they are parked.",
        ),
        Told(
            "Buka halaman tujuan, baca kesalahan terakhir, tekan Uji. Hubungi pengelola sistem tujuan bila perlu. "
            "Pengiriman lanjut sendiri begitu tujuan pulih.",
            "Open the destination's page, read the last error, press Test. Call those who run it if need be. "
            "Deliveries go on by themselves once it is back.",
        ),
    ),
    Kind.BACKLOG_OLD: Explained(
        Told(
            "{count} kiriman ke {subject} sudah menunggu {minutes} menit",
            "Handoffs to {subject} that have waited {minutes} minutes: {count}",
        ),
        Told(
            "Kiriman sudah waktunya dikirim, tetapi tidak ada pekerja yang mengambilnya.",
            "They are due, and no worker has taken them in hand.",
        ),
        Told(
            "Periksa apakah pekerja berjalan (`sp4n-gateway doctor`), lalu batas kecepatan tujuan; tambah pekerja bila "
            "semuanya sehat.",
            "See that workers run (`sp4n-gateway doctor`), then the destination's limits; add workers if all is well.",
        ),
    ),
    Kind.PARKED_GROWTH: Explained(
        Told(
            "{count} kiriman ke {subject} disisihkan dalam satu jam",
            "{count} handoffs to {subject} were parked within an hour",
        ),
        Told(
            "Biasanya satu sebab mengenai semuanya: kredensial, sertifikat, atau isian yang ditolak.",
            "Usually one cause is behind all of them: a credential, a certificate, or a field that is refused.",
        ),
        Told(
            "Buka Disisihkan, baca sebab yang paling sering, perbaiki, lalu kirim ulang semuanya sekaligus.",
            "Open Parked, read the most frequent cause, mend it, then redrive all of them at once.",
        ),
    ),
    Kind.CLOCK_BROKEN: Explained(
        Told(
            "{count} tenggat di {subject} terlewati sejak kemarin",
            "Deadlines at {subject} broken since yesterday: {count}",
        ),
        Told(
            "Batas waktu menurut aturan (verifikasi, tindak lanjut, penyelesaian) sudah lewat.",
            "A time that the rules set (verification, follow-up, resolution) has run out.",
        ),
        Told(
            "Lihat `sp4n-gateway clocks list --state broken`: di sana tertulis waktu siapa yang terpakai. Ingatkan "
            "instansi itu dan catat alasannya.",
            "See `sp4n-gateway clocks list --state broken`: it says whose time it was. Remind that agency and keep the "
            "reason.",
        ),
    ),
    Kind.CLOCK_APPROACHING: Explained(
        Told("{count} tenggat di {subject} hampir habis", "Deadlines at {subject} that are near: {count}"),
        Told("Masih ada waktu, tetapi tinggal sedikit.", "There is time left, but little."),
        Told(
            "Lihat `sp4n-gateway clocks list` dan ingatkan instansi sebelum terlambat.",
            "See `sp4n-gateway clocks list` and remind the agency before it is late.",
        ),
    ),
    Kind.NOT_DELIVERED: Explained(
        Told(
            "{count} laporan tidak diterima {subject} pada waktunya",
            "Reports that {subject} did not take in time: {count}",
        ),
        Told(
            "Percobaan sudah dihentikan, atau kotak masuk tidak diambil. Kanal asal sudah diberi tahu.",
            "No more tries are made, or an inbox was not emptied. The channel was told.",
        ),
        Told(
            "Hubungi instansi tujuan; setelah pulih, kirim ulang dari halaman Disisihkan.",
            "Call the agency; once it is back, redrive from Parked.",
        ),
    ),
    Kind.JOURNAL_BROKEN: Explained(
        Told("Jurnal tidak utuh", "The journal is not intact"),
        Told(
            "Pemeriksaan menemukan catatan yang diubah, hilang, atau ditambahkan.",
            "A verification found records that were changed, removed or added.",
        ),
        Told(
            "Jangan ubah apa pun. Simpan salinan basis data, jalankan `sp4n-gateway verify`, dan laporkan temuan "
            "kepada penanggung jawab keamanan.",
            "Change nothing. Keep a copy of the database, run `sp4n-gateway verify`, and report the findings to "
            "whoever is responsible for security.",
        ),
    ),
    Kind.JOURNAL_UNVERIFIED: Explained(
        Told("Jurnal belum diperiksa selama {hours} jam", "The journal was not verified for {hours} hours"),
        Told("Pemeriksaan berkala tidak berjalan.", "The scheduled verification does not run."),
        Told(
            "Jalankan `sp4n-gateway verify`, lalu periksa log pekerja.",
            "Run `sp4n-gateway verify`, then look into the workers' log.",
        ),
    ),
    Kind.JOURNAL_UNSIGNED: Explained(
        Told("Jurnal belum ditandatangani {minutes} menit", "The journal was not signed for {minutes} minutes"),
        Told(
            "Pengiriman berjalan, tetapi buktinya belum dikunci.",
            "Deliveries go on, but their proof is not sealed yet.",
        ),
        Told(
            "Jalankan `sp4n-gateway doctor` dan baca log pekerja (`worker.chore_failed`).",
            "Run `sp4n-gateway doctor` and read the workers' log (`worker.chore_failed`).",
        ),
    ),
    Kind.LEDGER_WENT_BACK: Explained(
        Told("Basis data lebih tua daripada yang pernah terlihat", "The ledger is older than what was seen of it"),
        Told(
            "Cadangan atau replika yang tertinggal sudah dipasang. Yang terutang di sana mungkin sudah terkirim, jadi "
            "pengiriman ditahan; laporan baru tetap diterima.",
            "A backup, or a replica that lagged, took its place. What it holds as owed may have been delivered since: "
            "nothing is sent. New reports are still taken in.",
        ),
        Told(
            "Hentikan gateway, jalankan `sp4n-gateway restored`, lalu nyalakan lagi.",
            "Stop the gateway, run `sp4n-gateway restored`, then start it again.",
        ),
    ),
    Kind.DISK: Explained(
        Told("Ruang kosong di folder {subject} tinggal {free_mib} MiB", "Only {free_mib} MiB are free in {subject}"),
        Told(
            "Bila habis, laporan baru ditolak dengan 429; yang sudah diterima tetap aman.",
            "When it is used up, new reports are refused with 429; what was accepted is safe.",
        ),
        Told("Kosongkan atau tambah ruang penyimpanan.", "Free space, or add some."),
    ),
    Kind.CERTIFICATE: Explained(
        Told("Sertifikat untuk {subject} berlaku sampai {until}", "The certificate for {subject} holds until {until}"),
        Told(
            "Setelah itu tujuan menolak semua kiriman; laporan menunggu.",
            "After that the destination refuses every delivery; reports wait.",
        ),
        Told(
            "Minta sertifikat baru, ganti berkasnya, mulai ulang pekerja, lalu tekan Uji di halaman tujuan.",
            "Ask for a new one, change the file, restart the workers, then press Test on the destination's page.",
        ),
    ),
}


def explained(kind: Kind, subject: str, detail: Mapping[str, Json]) -> dict[str, dict[str, str]]:
    """`title`, `meaning` and `todo` of an alert, each by language."""
    words = WORDS[kind]
    return {
        "title": words.title.filled(subject, detail),
        "meaning": words.meaning.filled(subject, detail),
        "todo": words.todo.filled(subject, detail),
    }
