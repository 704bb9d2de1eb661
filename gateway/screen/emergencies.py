"""The words of life or limb in danger: now, before, or feared."""

from __future__ import annotations

from gateway.screen.vocabulary import phrases

EMERGENCY = phrases(
    """kebakar*, terbakar, kobongan, kobaran, kahuruan, ada api, api besar, api membesar, apinya, api merambat, asap
    tebal, meledak, ledakan, korsleting, kecelakaan*, tabrakan, tertabrak, ditabrak, tabrak lari, kacilakaan,
    lakalantas, terjepit, tertimbun, tertimpa, tenggelam, hanyut, terseret arus, kalem banyu, banjir bandang, air naik
    terus, longsor*, urug, gempa, tsunami, erupsi, puting beliung, angin puting, kobong, sekarat, pingsan, kejang,
    kritis, pendarahan, berdarah, luka parah, luka bakar, meninggal di tempat, sesak napas, sesak nafas, melahirkan di,
    keracunan, digigit ular, tersengat listrik, kesetrum*, kabel putus, tiang roboh, gas bocor, bocor gas, bau gas,
    dibegal, begal, dirampok, perampokan, dibacok*, bacok*, ditusuk, penusukan, ditembak, penembakan, dikeroyok,
    pengeroyokan, diserang, penyerangan, tawuran, penculikan, diculik, disandera, disekap, penyekapan, diperkosa,
    pemerkosaan, perkosaan, dilecehkan, pelecehan, dianiaya, penganiayaan, dipukuli, digebuki, diancam bunuh, mau
    dibunuh, bunuh diri, bom, anak hilang, orang hilang, kdrt, keadaan darurat, gawat darurat, darurat pak, darurat bu,
    darurat min, ketuban*, mukulin*, mukuli*, nggebugi*, nyekik*, nimpa mobil, nimpa rumah, nimpa orang, ketimpa,
    kejepit, terjebak, kejebak, masih di dalam, masih di dalem, golok, celurit, clurit, parang, senjata tajam, sajam,
    pistol, senapan, kelelep, klelep, kecemplung, tercebur, kecebur, ga sadar, gak sadar, tidak sadar, ora sadar,
    semaput, ga napas, gak napas, ga nafas, tidak bernapas, mayat, digebukin, dipukulin, dihajar, nabrak, ketabrak,
    katabrak, kelindas, kelindes, terlindas, masuk jurang, terguling, loncat dari, lompat dari, gantung diri, minum
    racun, tegangan tinggi jatuh, kabel jatuh, minta tolong teriak, teriak minta tolong, teriak teriak minta tolong, mau
    melahirkan, butuh ambulan*, minta ambulan*, kirim ambulan*, butuh pemadam, damkar, tulung tulung, tolong tolong,
    tulungan"""
)
"""Life or limb in danger, now or a moment ago."""

NOT_NOW = phrases(
    """sering, rawan, dulu, dahulu, pernah, tahun lalu, taun lalu, bulan lalu, bln lalu, minggu lalu, takut terjadi,
    khawatir terjadi, kuatir, sebelum terjadi, sebelum ada korban, jangan sampai, simulasi, penyuluhan, sosialisasi,
    pelatihan, asuransi, santunan, ganti rugi, bantuan, rambu, kantor damkar, pos damkar, mobil damkar, armada,
    tiap tahun, setiap tahun, tiap bulan, waktu saya, belum dihukum, mandek, bekas, dompet, belum ditangkap, mudik,
    jenggot, cemburu, ketawa, pelayanan, bahaya kebakaran, pencegahan, laporan polisi, proses hukum, sidang, kasus"""
)
"""Danger that is past, feared, or only a manner of speaking."""

NOW = phrases(
    """sekarang, saat ini, skrg, skr, barusan, baru saja, barusaja, cepat, cepetan, geura, sedang, lagi kebakaran,
    tolong kirim, segera kirim, masih di dalam, masih di dalem, terjebak, kejebak, butuh ambulan*, kirim ambulan*, minta
    ambulan*, butuh pemadam, saiki, ayeuna"""
)
"""It happens at this moment."""
