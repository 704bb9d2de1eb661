"""The public form, end to end: kept once, nothing lost by a mistake, hostile bodies told off and not kept."""

from __future__ import annotations

from pathlib import Path

from tests.integration.backends import Backend
from tests.integration.installation import Plan, installation
from tests.integration.public.visits import PNG, STORY, hidden, hidden_in, open_form, told


async def test_a_report_is_kept_once_however_often_it_is_sent_and_can_be_tracked(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place) as it:
        await open_form(it)
        fields = {"kunci": await hidden(it), "situs": "", "cerita": STORY, "kabkota": "Kota Bandung", "anonim": "ya"}
        photo = {"lampiran1": ("tiang.png", PNG, "image/png"), "lampiran2": ("", b"", "application/octet-stream")}
        answers = [await it.api.post("/lapor", data=fields, files=photo) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        codes = {told(answer, "Kode lacak") for answer in answers}
        assert len(codes) == 1
        [code] = codes
        await it.settled(code)
        [complaint] = it.simulators.complaints()
        assert STORY in complaint["fields"]["content"]
        assert len(it.simulators.sp4n.book.of("file")) == 1
        tracked = await it.api.post("/lacak", data={"kode": code.lower(), "bukti": told(answers[0], "PIN")})
        assert (tracked.status_code, "instansi: SP4N-LAPOR!" in tracked.text) == (200, True)
        assert STORY[:20] not in tracked.text


async def test_the_same_form_with_another_text_keeps_the_first_and_says_so(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        await open_form(it)
        fields = {"kunci": await hidden(it), "cerita": STORY}
        first = await it.api.post("/lapor", data=fields)
        second = await it.api.post("/lapor", data=fields | {"cerita": f"{STORY} Tambahan."})
        assert (second.status_code, told(second, "Kode lacak")) == (409, told(first, "Kode lacak"))
        assert [row.accepted for row in await it.books() if row.channel == "web"] == [1]


async def test_a_mistake_brings_the_form_back_with_all_that_was_written(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        await open_form(it)
        key = await hidden(it)
        fields = {
            "kunci": key,
            "cerita": "",
            "nama": "Ani <b>",
            "telepon": "12",
            "tanggal": "2999-01-01",
            "anonim": "ya",
        }
        answer = await it.api.post("/lapor", data=fields)
        assert (answer.status_code, hidden_in(answer)) == (422, key)
        links = [f'<a href="#{name}">' in answer.text for name in ("cerita", "telepon", "tanggal")]
        assert (links, 'value="Ani &lt;b&gt;"' in answer.text, 'value="ya" aria' in answer.text) == (
            [True] * 3,
            True,
            True,
        )
        assert await it.books() == []


async def test_what_is_no_form_of_ours_is_refused_and_nothing_is_kept(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded, Plan(settings={"max_body_bytes": 300_000})) as it:
        await open_form(it)
        key = await hidden(it)
        multipart = {"content-type": "multipart/form-data; boundary=b"}
        part = f'--b\r\nContent-Disposition: form-data; name="kunci"\r\n\r\n{key}\r\n--b\r\n'
        part += f'Content-Disposition: form-data; name="cerita"\r\n\r\n{STORY}\r\n'
        urlencoded = {"content-type": "application/x-www-form-urlencoded"}
        cases: list[tuple[bytes, dict[str, str], int]] = [
            (part.encode(), multipart, 400),
            (f"kunci={key}&cerita=a%00b".encode(), urlencoded, 400),
            (f"kunci={key}&cerita=%ff%fe".encode(), urlencoded, 400),
            (b"x" * 400_000, urlencoded, 413),
            (b"", urlencoded, 400),
            (b"[1, 2]", {"content-type": "application/json"}, 422),
            (b'{"kunci": 1, "cerita": {"a": []}}', {"content-type": "application/json"}, 400),
            (f"kunci=palsu.9999999999.{'0' * 32}&cerita=apa".encode(), urlencoded, 400),
            (f"kunci={key}&cerita=apa&situs=http".encode(), urlencoded, 422),
            (f"kunci={key}&cerita=apa".encode(), urlencoded | {"sec-fetch-site": "cross-site"}, 403),
        ]
        for body, headers, status in cases:
            answer = await it.api.post("/lapor", content=body, headers=headers)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), body[
                :60
            ]
        wrong = {"lampiran1": ("surat.pdf", b"MZ" * 100, "application/pdf")}
        answer = await it.api.post("/lapor", data={"kunci": key, "cerita": STORY}, files=wrong)
        assert (answer.status_code, "bukan JPG" in answer.text) == (422, True)
        assert await it.books() == []


async def test_one_address_may_post_so_often_and_no_more(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded, Plan(settings={"public_posts_per_hour": 1})) as it:
        await open_form(it)
        first = await it.api.post("/lapor", data={"kunci": await hidden(it), "cerita": STORY})
        again = await it.api.post("/lapor", data={"kunci": await hidden(it), "cerita": STORY})
        assert (first.status_code, again.status_code, STORY in again.text) == (200, 429, True)
        assert int(again.headers["retry-after"]) > 0


async def test_a_page_is_small_and_may_load_and_run_nothing(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        await open_form(it)
        for path in ("/lapor", "/lacak", "/loket/masuk"):
            page = await it.api.get(path)
            assert page.status_code == 200
            assert len(page.content) < 30_000
            assert "default-src 'none'" in page.headers["content-security-policy"]
            assert "http" not in page.text.replace("http-equiv", "")


async def test_without_a_channel_of_its_kind_there_is_no_form(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        assert (await it.api.get("/lapor")).status_code == 404
        assert (await it.api.post("/lapor", data={"cerita": STORY})).status_code == 404
