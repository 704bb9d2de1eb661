"""The mail of a case: well made, the same bytes for the same case, and nobody can write into its headers."""

from __future__ import annotations

import json
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from adapters.contract import Case
from adapters.destinations.email.message import case_message
from adapters.destinations.email.options import Options
from tests.fakes.cases import HANDOFF_ID, TRACKING_CODE, a_case, a_file, a_report, a_withdrawal, an_addition

SENDER = "laporan@gateway.example.go.id"
PRIOR = {"mail": {"message_id": f"<{HANDOFF_ID}@gateway.example.go.id>"}}


def options(**changes: Any) -> Options:
    return Options.model_validate({"sender": SENDER, "recipients": ["pengaduan@kementerian.example"]} | changes)


def read(case: Case, **changes: Any) -> EmailMessage:
    content = case_message(case, options(**changes), "kementerian")
    return message_from_bytes(content, _class=EmailMessage, policy=policy.SMTP)


def names(message: EmailMessage) -> list[str | None]:
    return [part.get_filename() for part in message.iter_attachments()]


def body(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def test_the_same_case_is_the_same_bytes() -> None:
    case = a_case(files=(a_file(),))
    assert case_message(case, options(), "k") == case_message(replace(case), options(), "k")


def test_every_line_is_short_and_of_seven_bits() -> None:
    content = case_message(a_case(report=a_report(content="é" * 9000, title="Ü" * 255)), options(), "k")
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert content.isascii()


def test_a_later_message_stands_in_the_reports_thread() -> None:
    message = read(an_addition(prior=PRIOR))
    assert (message["In-Reply-To"], message["References"]) == (PRIOR["mail"]["message_id"],) * 2
    assert message["Message-ID"] != message["In-Reply-To"]
    assert message["Subject"].strip().startswith(f"Re: [{TRACKING_CODE}]")


@pytest.mark.parametrize("known", ["no id", "<a@b>\r\nBcc: x@example.go.id", 7])
def test_a_thread_that_is_no_message_id_is_left_out(known: object) -> None:
    assert read(an_addition(prior={"mail": {"message_id": known}}))["In-Reply-To"] is None


def test_a_title_cannot_become_a_header() -> None:
    message = read(a_case(report=a_report(title="Jalan\r\nBcc: jahat@example.go.id\x00")))
    assert message["Bcc"] is None
    assert message["Subject"] == f"[{TRACKING_CODE}] Laporan warga: Jalan Bcc: jahat@example.go.id"


def test_a_file_with_an_evil_name_is_a_harmless_attachment() -> None:
    file = a_file(name='..\\"\r\nX: 1/../e é.html', media_type="text/html; charset=x\r\nX: 1")
    message = read(a_case(files=(file,)), attach_pdf=False, attach_json=False)
    [part] = [*message.iter_attachments()]
    assert (part.get_content_type(), part.get_content()) == ("application/octet-stream", file.content)
    assert part.get_filename() == "_X_ 1_.._e é.html"


def test_files_beyond_the_limit_are_named_and_left_out() -> None:
    files = (a_file(name="besar.jpg", content=b"x" * 60), a_file(name="kecil.jpg", content=b"y" * 30))
    message = read(a_case(files=files), attach_pdf=False, attach_json=False, files_limit=50)
    assert names(message) == ["kecil.jpg"]
    assert "terlalu besar untuk dilampirkan / Files too large to attach\n  - besar.jpg" in body(message)


def test_the_case_goes_along_as_pdf_and_json() -> None:
    message = read(a_case())
    assert names(message) == [f"{TRACKING_CODE}.pdf", f"{TRACKING_CODE}.json"]
    pdf, document = [part.get_content() for part in message.iter_attachments()]
    assert pdf.startswith(b"%PDF-")
    assert json.loads(document)["tracking_code"] == TRACKING_CODE


def test_without_attachments_it_is_one_plain_part() -> None:
    message = read(a_withdrawal(prior=PRIOR), attach_pdf=False, attach_json=False)
    assert (message.get_content_type(), message["Subject"].endswith("(ditarik / withdrawn)")) == ("text/plain", True)


def test_nobody_answers_it_automatically() -> None:
    message = read(a_case())
    assert (message["Auto-Submitted"], message["List-Id"]) == (
        "auto-generated",
        "<kementerian.gateway.example.go.id>",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": "tanpa-domain"},
        {"recipients": []},
        {"recipients": ["a@b.example\r\nX"]},
        {"return_path": "bounces@lain.example"},
        {"return_path": "bounces@jahatgateway.example.go.id"},
        {"sender_name": "A\r\nB"},
    ],
)
def test_an_entry_that_cannot_be_mailed_from_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        options(**wrong)


def test_a_return_path_below_the_senders_domain_is_aligned() -> None:
    assert options(return_path="b@pantul.gateway.example.go.id").domain == "gateway.example.go.id"
