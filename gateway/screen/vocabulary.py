"""The words that screening knows, by what they are a sign of: Indonesian with its slang, Javanese, Sundanese.

Each group is a set of phrases as `gateway.wording.indexphrases` reads them: lower case, `*` at the end for any ending.
A phrase belongs in one group of signs only if an honest report would hardly use it in that sense.
"""

from __future__ import annotations


def phrases(text: str) -> frozenset[str]:
    """One phrase between commas."""
    return frozenset(phrase for phrase in (" ".join(part.split()) for part in text.split(",")) if phrase)


COURTESY = phrases(
    """halo, hallo, helo, hello, hai, hei, hey, hi, hy, oi, woi, woy, p, pp, ping, permisi, misi, selamat, met, pagi,
    siang, sore, malam, malem, assalamualaikum, assalamu, alaikum, assalam, mualaikum, asalamualaikum, ass, askum,
    asw, samlekum, waalaikumsalam, walaikumsalam, wr, wb, warahmatullahi, wabarakatuh, salam, sejahtera, sehat, om,
    swastiastu, shalom, syalom, namo, buddhaya, rahayu, horas, punten, sampurasun, rampes, kulo, nuwun, kulonuwun,
    sugeng, enjing, siyang, sonten, dalu, wilujeng, enjang, wengi, pak, bapak, bpk, bapa, pa, bu, ibu, buk, mas,
    mbak, mba, kak, kakak, ka, bang, abang, min, mimin, admin, gan, bos, boss, sis, bro, kang, teh, akang, teteh,
    aa, neng, tante, saudara, sdr, yth, terima, terimakasih, trimakasih, makasih, makasi, mksh, trims, tq, thx,
    thanks, thank, you, kasih, nuhun, hatur, matur, suwun, siap, ok, oke, okey, okeh, sip, baik, baiklah, ya, iya,
    iye, y, yoi, enggih, nggih, muhun, mangga, monggo, maaf, mf, ndan, komandan, tim, petugas, operator, cs,
    customer, service, semua, semuanya"""
)
"""Greeting, thanking, agreeing, and whom one speaks to."""

INTENT = phrases(
    """lapor, laporan, laporkan, melapor, melaporkan, ngelapor, nglapor, lapur, pelaporan, pengaduan, aduan, adukan,
    mengadu, mengadukan, ngadu, wadul, keluhan, keluh, mengeluh, ngeluh, curhat, tanya, bertanya, nanya, nanyain,
    takon, tumaros, naros, info, informasi, minta, mohon, tolong, tlg, tlong, bantu, bantuan, bantuannya, dibantu,
    help, bisa, boleh, mau, pengen, pingin, ingin, hendak, akan, arep, badhe, bade, hoyong, sampaikan, menyampaikan,
    ada, sesuatu, di, ke, sini, disini, kesini, mana, dimana, kemana, gimana, bagaimana, cara, caranya, buat, untuk,
    utk, saya, sy, aku, ak, gw, gue, kula, abdi, kami, kita, ini, itu, nih, dong, donk, deh, lah, kah, apa, apakah,
    dan, atau, dulu, sekarang, lagi, balas, dibalas, respon, direspon, jawab, dijawab, aktif, online, penting,
    segera, cepat, cepetan"""
)
"""Announcing a matter without naming it."""

TEST = phrases("""tes, test, testing, tester, ngetes, ngetest, ujicoba, trial, dummy, lorem, ipsum""")
"""Saying that this is a test."""

TRYING = phrases("""cek, check, cex, coba, cobain, nyoba, nyobain, jajal, uji""")
"""Trying something out; alone a test as well, with an announcement (`mau cek laporan`) a question."""

TEST_COMPANY = phrases(
    """satu, dua, tiga, one, two, three, masuk, bot, wa, whatsapp, chat, nomor, ga, gak, nggak, hanya, cuma, saja, aja,
    sit, amet, dolor, kirim, pesan"""
)
"""What people write beside such words."""

ABUSE = phrases(
    """anjing*, anjg, anjrit, anjir, anjay, anj, ajg, asu, asuu, bangsat*, bgst, bajingan*, babi, monyet, kampret,
    kontol*, kntl, memek*, mmk, ngentot*, ngentod*, entot, jancok, jancuk, dancok, cok, cuk, goblok*, goblog*, gblk,
    tolol*, tll, bego*, bodoh*, dungu, idiot*, sinting, edan, gendeng, keparat, brengsek, setan, iblis, tai, taik,
    taek, matamu, ndasmu, sialan, pukimak, puki, sundal, lonte, perek, pelacur, kunyuk, koplok, belegug, bedul,
    sompret, laknat, biadab, fuck*, shit, bitch, asshole"""
)
"""Insults."""

NO_MATTER = phrases(
    """kamu, km, kau, kalian, klian, lu, lo, loe, elu, elo, kowe, koen, sampeyan, maneh, sia, dia, mereka, mrk, kabeh,
    kabehan, semua, semuanya, sekalian, dasar, emang, memang, mmg, sama, saja, aja, doang, banget, bgt, sekali,
    pisan, tenan, amat, sangat, para, si, sang, yang, yg, sing, nu, dan, atau, sih, kok, lah, tuh, itu, ini, nih,
    woi, oi, hei, orang, manusia, makhluk, pejabat, pemerintah, presiden, menteri, gubernur, bupati, walikota,
    camat, lurah, kades, dpr, dprd, negara, indonesia, rezim, penguasa, polisi, admin, bot, negri, negeri, se, ga,
    gak, nggak, tidak, tdk, ora, teu, guna, berguna, becus, otak, punya, otaknya, kerja, kerjanya, neraka, sana,
    pergi, ngaca, ibumu, bapakmu, mbahmu, kayak, kaya, seperti, lebih, paling"""
)
"""What may stand beside insults without making a matter of them."""

PROBLEM = phrases(
    """rusak*, bolong*, berlubang, lubang*, ambles, amblas, retak, ambrol, ambruk*, jebol, roboh, rubuh, runtuh, patah,
    mati lampu, lampu mati, padam, pemadaman, pareum, byar pet, macet, mampet, mandeg, tersumbat, sumbat, banjir*,
    caah, tergenang, genangan*, sampah*, runtah, bau, mambu, busuk, kotor, jorok, tercemar, pencemaran, limbah,
    asap, polusi, bising, berisik, debu, air keruh, keruh, kekeringan, tidak mengalir, ga ngalir, gak ngalir, ora
    mili, mati air, pungli, pungutan liar, pungutan, punglian, suap, menyuap, sogok, korupsi*, dikorupsi,
    gratifikasi, nepotisme, penyelewengan, diselewengkan, penyalahgunaan, menyalahgunakan, disunat, dipotong,
    dipalsukan, memalsukan, mark up, markup, fiktif, penipuan, tertipu, ditipu, penipu, nipu, modus,
    mengatasnamakan, hoax, hoaks, meresahkan, resah, keresahan, mengganggu, terganggu, gangguan, merugikan,
    dirugikan, rugi, korban, diblokir, blokir, marak, merajalela, ilegal, liar, tanpa izin, tak berizin, mencuri,
    pencurian, maling, kemalingan, preman, mabuk, mabok, miras, narkoba, sabu, perjudian, tempat judi, kecanduan
    judi, lambat, lelet, lama sekali, suwe, lila, berbelit*, dipersulit, dipingpong, ditolak, belum cair, tidak
    cair, blm cair, tidak dapat, ga dapat, gak dapet, ora entuk, teu kabagean, tidak terdaftar, belum terima, belum
    jadi, belum selesai, terbengkalai, mangkrak, dibiarkan, diabaikan, telantar, terlantar, kosong terus, langka,
    mahal, naik harga, harga naik, kekurangan, tidak dibayar, belum dibayar, tidak digaji, phk, dipecat, bullying,
    dibully, diskriminasi, kasar, tidak ramah, judes, membentak, dibentak, arogan, antri, antre, antrian, antrean,
    error, tidak bisa, ga bisa, gak bisa, gabisa, ora iso, teu tiasa, gagal, salah data, tidak sesuai, demam
    berdarah, dbd, stunting, gizi buruk, wabah, jentik, nyamuk, tikus, anjing liar, rabies, abrasi, sakit, miring,
    lapuk, tumbang, semrawut, kumuh, kendala, komplain, kecewa, tidak becus, ga becus, gak becus, tidak ada respon,
    ga ada respon, belum ada tindakan, ga ada tindakan, tidak ada tindakan, ga ada kabar, tidak ada kabar, belum ada
    kabar, ruksak, ruksek, peteng, mlethek, lombang, butut, bocor, karatan, licin, terperosok, keracunan, basi,
    kadaluarsa, hilang, telat, molor, nunggak, dipungut, dipalak, dicoret, ngilang, tutup terus, ditahan, ditilang,
    ditelantarkan, melonjak, anjlok, gagal panen, delay, overload, penuh terus, ngetem, mogok, curang, dibabat,
    gundul, korosi, gelap, gelap gulita, tersetrum, nonaktif, tidak aktif, ga aktif, gak aktif, teu ngocor, ora ono,
    teu aya, ga ada yg ngatur, diserobot, nyerobot, dibacking, nakal, meneror, diteror, pecah, redup, copot,
    digembok, disegel, dibajak, bajak, petasan, ngambang, stroke, sekarat, cacat, lumpuh, tidak layak, ga layak, gak
    layak, kekurangan air, ga ada air, tidak ada air, caang, poek, butuh bantuan, butuh kursi roda, butuh popok,
    butuh obat, awut awutan, dipaksa, nyuruh, disuruh, ketuker, tertukar, salah nama, dirusak, dibakar, terancam,
    longsoran"""
)
"""What goes wrong in public services and public places."""

ACTION = phrases(
    """mohon*, dimohon, tolong*, tlg, minta tolong, nyuwun, nyuwun tulung, tulung, punten, ditindak*, tindak lanjut*,
    ditindaklanjuti, tindaklanjuti, tindakan, diperbaiki, perbaiki, perbaikan, diperhatikan, perhatiannya, dicek,
    diusut, usut, dibersihkan, diangkut, ditertibkan, tertibkan, ditutup, dibuka kembali, dipasang, pasangin,
    dipindahkan, dicabut, diganti, ditambah, diadakan, dibangun, disediakan, usul*, mengusulkan, saran, menyarankan,
    aspirasi, sebaiknya, seharusnya, harusnya, semestinya, kudune, kuduna, berharap, harap*, melaporkan, lapor*,
    laporkan, mengadukan, menanyakan, mau tanya, ingin bertanya, bertanya, apakah, apa syarat*, syaratnya,
    persyaratan, bagaimana cara, gimana cara, kapan, kenapa, mengapa, naha, kumaha, iraha, piye, kepiye, kepriye,
    kok, sampai kapan, kejelasan, klarifikasi"""
)
"""Wanting something done or told."""

PLACE = phrases(
    """jalan, jln, jl, jalanan, gang, gg, dalan, desa, ds, kelurahan, kel, kecamatan, kec, kabupaten, kab, kota,
    provinsi, prov, rt, rw, dusun, dsn, dukuh, kampung, kp, kampong, blok, perumahan, perum, komplek, kompleks,
    simpang, perempatan, pertigaan, jembatan, kali, sungai, selokan, got, parit, terminal, stasiun, pelabuhan,
    pasar, alun alun, taman, trotoar, lapangan, irigasi, sawah, pantai, hutan, gunung, depan rumah, km, tol,
    pantura, lingkungan, warga, desa kami, di rt, kampus, tikungan, griya, cluster kami, kebon, ladang, pesisir,
    bandara, dermaga, halaman, permukiman, pemukiman, kontrakan, gedung, pabrik, proyek"""
)
"""Where something is."""

AGENCY = phrases(
    """dinas*, disdukcapil, dukcapil, capil, disdik*, dinkes, dishub, dinsos, dlh, dpupr, pupr, bina marga, satpol,
    satpol pp, pdam, perumdam, pln, bpjs, puskesmas, pustu, posyandu, rsud, rumah sakit, rs, igd, ugd, sekolah, sd,
    sdn, smp, smpn, sma, sman, smk, smkn, kantor, balai desa, kepala desa, perangkat desa, pak lurah, kades, samsat,
    polsek, polres, polda, bpn, kua, kpp, kementerian, kemen*, pemda, pemkab, pemkot, pemprov, pemerintah,
    ombudsman, imigrasi, disnaker, bansos, pkh, bpnt, blt, ktp, kk, akta, akte, sim, stnk, skck, sertifikat, pbb,
    pajak, nib, kip, kis, ppdb, dapodik, cpns, pppk, mbg, makan bergizi, dpmptsp, bpbd, bumdes, kemenag, kanwil,
    pemerintah desa, kelurahan, kecamatan, petugas, pelayanan, oknum, pegawai, aparat, perangkat, bupati, walikota,
    gubernur, camat, lurah, kuwu, pemadam, damkar, paspor, npwp, pip, prakerja, dtks, imb, pbg, bpkb hilang,
    sertifikasi, guru, dokter, perawat, bidan, pasien, lansia, difabel, disabilitas, pju, tps, tpa, spbu, krl,
    kereta, bos, mts, madrasah, lapas, rutan, pengadilan, pertanahan, bulog, pertamina, kominfo, bapenda, bkn,
    bawaslu, kpu, dprd, ppl, penyuluh, subsidi, honorer, wali kelas, kepala sekolah, kios, loket, listrik, lampu
    rumah, air, gas, bpjs kesehatan, posko, pamsimas, manasik, kontrak kerja"""
)
"""Public bodies, and what one needs them for."""

ADVERT = phrases(
    """slot*, gacor, maxwin, togel*, jp paus, scatter, rtp, deposit*, depo, withdraw, bonus, bonus new member, new
    member, freebet, casino, sbobet, pinjol, pinjaman dana, pinjaman online, dana tunai, dana cepat, dana darurat,
    cepat cair, langsung cair, cair hari ini, tanpa jaminan, tanpa agunan, bunga rendah, kredit murah, dp ringan, dp
    murah, cicilan ringan, promo*, diskon*, cashback, gratis ongkir, free ongkir, flash sale, ready stock, ready
    stok, restock, cod, open order, open po, pre order, stok terbatas, persediaan terbatas, dijual, di jual, jual
    cepat, jual tanah, jual rumah, harga miring, harga nego, harga mulai, hanya rp, cuma rp, mulai rp, termurah,
    murah meriah, grosir, reseller, dropship*, agen resmi, distributor, terpercaya, testimoni, garansi, bergaransi,
    peninggi badan, pelangsing, obat kuat, pembesar, herbal, jasa pembuatan, jasa followers, jasa sedot, tambah
    followers, followers, subscriber, jual akun, kuota murah, pulsa murah, paket internet, investasi, profit,
    penghasilan tambahan, penghasilan jutaan, per hari tanpa, passive income, trading, crypto, airdrop, pengobatan
    alternatif, dukun, pesugihan, penglaris, pelet, rental mobil, travel umroh, jual, sedia, tersedia, ready, murah,
    followers murah, jual followers, angsuran, jaminan bpkb, bpkb motor, forex, bitcoin, kripto, koin, presale,
    token baru, cuan, jasa, jasa ketik, sewa mobil, rental, lepas kunci, film dewasa, nonton film, mlm, bisnis mlm,
    bisnis, tanpa modal, menerima pesanan, terima pesanan, internetan, aktifkan, kuota, gratis, robot trading, pijat
    panggilan, pijat, terapis, kursus, trial, skincare, testi, testi real, original, import, showroom, mobil bekas,
    motor bekas, vimax, pemutih, nobar, live streaming, streaming, talangan, dana talangan, bi checking, open bo,
    toples, nastar, all operator, server stabil, proses kilat, proses cepat, proses 1 hari, survey gratis, langsung
    bawa pulang, butuh dana, dana pinjaman, pinjaman, pinjol cepat, bunga 0, limit, modal kecil, modal, untung,
    omset, amanah, bonus deposit, slot88, gampang menang, gampang maxwin, pragmatic, judi terpercaya, situs
    terpercaya, to the moon, dp 0, nyicil, bisa nyicil, kavling murah, unit terbatas, harga promo, obral, cuci
    gudang, best seller, endorse, top up, diamond, voucher, nelpon, paket data, tsel, telkomsel, unlimited, poin,
    panggilan, cuci sofa, sedot wc, service ac, website company, undangan digital, pesanan kue, catering, katering,
    frozen food, dimsum, hijab, gamis, kaos, sepatu, tas branded, parfum, kosmetik, tahan lama, kuat pria, obat
    herbal, tanpa efek, bpom, mulai, free, per sesi, antar gratis, les privat, aqiqah, spin, gadai, airdrop token,
    klaim, giveaway, cukup ktp, modal ktp, cuma ktp, hanya ktp, syarat ktp saja"""
)
"""Selling something."""

CALL = phrases(
    """order sekarang, order via, pesan sekarang, beli sekarang, buruan, minat hub*, minat wa, berminat hub*, berminat
    silahkan, info lebih lanjut hub*, hub wa, hubungi wa, wa kami, klik link, klik di sini, klik disini, klik
    tautan, daftar sekarang, gabung sekarang, join grup, join group, link di bio, cek bio, klik www, daftar di,
    daftar segera, chat admin, hubungi admin kami, inbox kami, dm kami, cek profil, hub, wa, cod, call, dm, order,
    pesan via, minat, berminat, minat chat, chat aja, link, klik, ketik, balas ya, balas mau, hubungi kami, hubungi,
    info lengkap, info hub, join, gabung, ayo gabung, segera daftar, cek link, kunjungi, ikuti akun, ikuti, daftar,
    buka file, silahkan dibuka"""
)
"""Asking to be answered, as whoever sells something must."""

SCAM = phrases(
    """selamat anda, anda terpilih, terpilih sebagai, anda mendapat*, anda menang, anda memenangkan, no anda, nomor
    anda, kartu anda, pemenang, menang undian, undian, hadiah, hadiah utama, berhadiah, uang tunai sebesar, cek
    tunai, bantuan dana hibah, dana hibah, dana bantuan sebesar, dapatkan dana, klaim hadiah, klaim sekarang, klaim
    saldo, saldo dana, saldo gratis, dana kaget, kode pin, pin pemenang, kode otp, kirim otp, kirimkan otp, kode
    verifikasi, mama minta pulsa, minta pulsa, belikan pulsa, isikan pulsa, transfer ke rekening, transfer ke rek,
    kirim ke rek, kirim ke rekening, rek bri, rek bca, rek bni, rek mandiri, yth nasabah, nasabah terhormat, nasabah
    yth, tarif transfer, akun anda, rekening anda, akan diblokir, surat tilang elektronik, undangan pernikahan
    digital, lowongan kerja resmi, tanpa tes, lolos tanpa, harta karun, uang ghaib, blogspot, jimdo, hadiah dari,
    voucher, kode yang masuk, kirim kode, kirimkan kode, kode 6 digit, otp nya, transfer dulu, transfer aja,
    transfer sekarang, transfer ke, kirimin pulsa, isiin pulsa, tolong kirimin, pulsa ke, pulsa mama, ke rekening
    berikut, rekening berikut, rekening mandiri aja, ke rek, ke rekening, file apk, apk, akan dihapus, tarif
    transaksi, tarif baru, klik link berikut, di tautan ini, isi data, anda berhak, berhak menerima, dapat komisi,
    mendapat komisi, komisi, dibayar per, dibayar 50rb, like video, kerja dari rumah, kerja online, lowongan kerja
    online, warisan, diblokir sementara, verifikasi di, bagi bagi saldo, bagi saldo, gandakan uang, gandakan, dukun
    sakti, ghaib, tumbal, ki joko, anak anda ditahan, anda ditahan, tertahan di bea cukai, bea cukai bayar, diganti
    dua kali, nanti diganti, nanti mama ganti, mama ganti, hp mama, pake hp temen, m kios, shopee, tokopedia,
    gebyar, poin plus, nasabah, no simcard, simcard, mendptkan, mendapatkan hadiah, meraih, cairkan, dana hibah
    dari, baznas 25, undangan pernikahan buka, a n, atas nama siti, hibah, nomor baru, ganti nomor, butuh transfer,
    bisa pinjam, pinjam dulu, cek foto, kurir paket, kurir, terutang, untuk ambil"""
)
"""Getting money or secrets out of people."""

TELLS_OF_FRAUD = phrases(
    """penipuan, penipu, tertipu, ditipu, kena tipu, nipu, mengatasnamakan, dapat sms, dapet sms, dpt sms, dapat wa,
    dapet wa, dapat pesan, dapet pesan, dapat telpon, dapat telepon, ditelpon orang, ditelepon, dihubungi orang,
    menerima pesan, menerima sms, dikirimi, dikirimin, apakah benar, apa benar, bener ga, beneran ga, hoax atau,
    hoaks atau, judol, judi online, situs judi, pinjol ilegal, korban judi, korban pinjol, diteror, meneror, debt
    collector, bodong*, judi slot, main slot, main judi, kecanduan slot"""
)
"""Telling of fraud, online gambling or loan sharks that one met: such a report quotes what it complains of."""

FRAUD_TOPICS = phrases("""judol, judi online, situs judi, judi slot, main slot, main judi, bodong*, pinjol ilegal""")
"""Of these, what an advert names as well."""

CHAIN = phrases(
    """sebarkan, sebarkan pesan, sebarluaskan, sebarin, tolong sebarkan, bagikan pesan, bagikan ke, share ke, share
    sebanyak, kirim ke 5, kirim ke 7, kirim ke 10, kirim ke 12, kirim ke 15, kirim ke 20, kirimkan ke 5, kirimkan ke
    7, kirimkan ke 10, kirimkan ke 12, kirimkan ke 20, kirim pesan ini, kirimkan pesan ini, semua kontak, ke semua
    grup, jangan putus, jangan sampai putus, jangan berhenti di, forward dari, diteruskan dari, grup sebelah, copas
    dari, copas dr, copy paste, dari grup sebelah, pesan berantai, akan mendapat rezeki, mendapat rejeki, akan sial,
    tertimpa sial, mendapat kabar baik, jangan dihapus, amalkan, barang siapa, barangsiapa, whatsapp akan berbayar,
    wa akan berbayar, direktur whatsapp, ke 10 orang, ke 20 orang, ke 10 teman, ke 20 teman, ke 7 teman, ke 10 grup,
    sebar luaskan, ke 5 grup, ke semua kontak, semua grup, ke semua grup kalian, viralkan, share ya, share sebanyak
    banyaknya, sebanyak banyaknya, teruskan ke, teruskan, ke 15 teman*, temanmu, kena musibah, atau sial, sial 7,
    bukan hoax, bukan hoaks, dapat pahala, mendapat pahala, menyebarkan ayat, menyebarkan pesan, forward, copas grup,
    mark zuckerberg, sebelum dihapus, jangan angkat nomor, bawang menyembuhkan, menyembuhkan kanker, air rebusan,
    semoga bermanfaat, wa akan ditutup, akan ditutup, bagikan, bagikan supaya, aamiin share, bantu sebar, tolong
    sebar, siapa kenal, alfatihah, ke 7 orang, lalu kirim ke"""
)
"""Being passed on for its own sake."""

IDLE = phrases(
    """wkwk*, wkkw*, awokawok*, haha*, hihi*, hehe*, xixi*, lol, ngakak, gabut, iseng, cuma iseng, bercanda, becanda,
    bcanda, prank, boong, bohongan, jomblo, jones, sayang kamu, cinta kamu, love you, i love u, kangen kamu,
    ditinggal pacar, nembak cewek, kenalan dong, kenalan yuk, boleh kenalan, minta nomor cewek, minta no wa, save
    nomor, save no, sv no, salah kirim, salah nomor, salah sambung, mabar, push rank, login epep, main ff, main ml,
    pesan martabak, pesen martabak, pesan nasi, pesen nasi, pesen bakso, pesan bakso, pesan pizza, pesen seblak, es
    teh, sesuai aplikasi, titik jemput, pinjam seratus, pinjem seratus, pinjam dulu seratus, dulu seratus, tuyul
    lewat, alien, ufo, ultraman, naruto, doraemon, spongebob, batman, superman, lagi apa, lg apa, lagi ngapain, udah
    makan belum, sudah makan belum, udah makan blm, udh mkn blm, pr matematika ku, pacar*, mantan, mantan saya,
    jodoh*, jodohin, gebetan, hatiku, hati ku, galau, curhat, kangen, cinta*, ciuman, nikah lagi, istri lagi, istri
    yang solehah, carikan istri, cariin jodoh, carikan jodoh, diputusin, ninggalin aku, ditinggalin, move on,
    jadian, ganteng*, cantik, cakep, cewek, cewe, cowok, bakso, seblak, martabak, nasi padang, nasi goreng, pizza,
    laper, lapar, dongeng, nyanyi*, lagu, spiderman, superhero, piala dunia, skor, persib, timnas, ml, ff, epep,
    followback, follback, ig aku, iphone, iphone 17, bagi duit, bagi thr, bagi uang, minta duit, kaya raya, pinjem
    duit, pinjam duit, pinjem, hantu, pocong, kuntilanak, tuyul, pap, pap dulu, nonton yuk, yuk nonton, temenin,
    bosen, ngantuk, gak bisa tidur, pr matematika, kerjain pr, skripsi saya, istri saya galak, muach, love, i love
    you, hidup jokowi*, lucu, kocak, bot goblok, cariin, jadi spiderman, semangka, ramalan, zodiak, shio, mbah,
    dukun, togel malam ini, prediksi skor, prediksi, tebak, pantun, tangkep, hamil di luar nikah, utang, siapa
    namanya, temenku, kamar saya, rambut saya, dompet saya, drakor, mantu, bubur diaduk, rekomendasi, dunia tipu
    tipu"""
)
"""Chatting, joking, ordering food: nothing for a public body."""

WRONG_NUMBER = phrases(
    """salah nomor, salah sambung, salah kirim, salah orang, ini nomor, ini dengan, ini siapa, otw, jemput, jemput jam,
    jemput di, posisi dimana, udah di depan, sudah di depan, udah sampe, nanti pulang, pulang telat, met ultah,
    ultah, happy birthday, selamat ulang tahun, rapatnya, diundur jam, reschedule, patungan, futsal, ngopi, tugas
    kelompok, ppt, resinya, pesanan saya, sudah transfer, bukti menyusul, bukti transfer, dititip, beliin, galon,
    yang lagi, kakakku, adek"""
)
"""What one writes to friends, family and shops."""

SINCE = phrases(
    """sejak, semenjak, dari kemarin, dari kemaren, ti kamari, berhari hari, berminggu minggu, berbulan bulan, bertahun
    tahun, seminggu, sebulan, setahun, hari, minggu, bulan, tahun, bln, thn, taun, poe, dino, wulan, sasi, tiap
    hari, tiap malam"""
)
"""Since when, or how often."""
