"""The bodies of the national system's calls, as one real channel was seen to send them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from adapters.contract import Case, CaseFile
from adapters.destinations.sp4n.multipart import multipart
from adapters.destinations.sp4n.options import Options
from schemas.base import Json
from schemas.report import Location, Reporter

_JAKARTA = ZoneInfo("Asia/Jakarta")


def files_body(case: Case) -> tuple[str, bytes]:
    """Call 1: every file in one request."""
    return multipart(case.handoff_id, files=[("attachments[]", file) for file in case.files])


def complaint_fields(options: Options, case: Case, content: str, file_ids: list[int]) -> dict[str, Json]:
    """Call 2. Identity goes into its own three fields, and only when the case has a reporter who is not anonymous."""
    report = case.report
    identity = _identity(None if report.is_anonymous else case.reporter)
    return {
        "title": report.title,
        "content": content,
        "channel": options.new_reporter_channel_id if identity else options.channel_id,
        "is_new_user_slider": bool(identity),
        **identity,
        "user_id": options.user_id,
        "is_inbox": True,
        "is_disposisi_slider": True,
        "classification_id": options.classification_ids.get(report.classification, options.classification_id),
        "disposition_id": options.institution_id,
        "category_id": report.category_id or options.category_id,
        "priority_program_id": None,
        "location_id": _location_id(options, report.location),
        "community_id": None,
        "date_of_incident": _incident_date(options, case),
        "copy_externals": None,
        "info_disposition": None,
        "info_attachments": None,
        "tags_raw": " ".join([options.tags, *(f"#{''.join(tag.split())}" for tag in report.tags)]).strip(),
        "is_approval": False,
        "is_anonymous": report.is_anonymous,
        "is_secret": report.is_secret,
        "is_priority": report.is_priority,
        "attachments": _attachments(options, file_ids),
    }


def pass_on_fields(options: Options, target: str) -> dict[str, Json]:
    """Call 3."""
    return {"is_request": 1, "reason": target, "reason_description": options.pass_on_reason, "not_authority": 1}


def followup_body(
    options: Options, case: Case, complaint_id: str, addressee: str, content: str, attached: list[int] | list[CaseFile]
) -> tuple[str, bytes]:
    """Call 6. `attached` are ids of uploaded files or the files themselves, as the options say."""
    fields = [
        ("user_id", str(options.user_id)),
        ("institution_from_id", str(options.institution_id)),
        ("institution_to_id", addressee),
        ("complaint_id", complaint_id),
        ("info_disposition", ""),
        ("template_code", options.followup_template),
        ("rating", _rating(case)),
        ("is_secret", "1" if case.report.is_secret else "0"),
        ("content", content),
    ]
    named = [(f"attachment[{place}]", each) for place, each in enumerate(attached)]
    fields += [(name, str(each)) for name, each in named if isinstance(each, int)]
    return multipart(case.handoff_id, fields, [(name, each) for name, each in named if isinstance(each, CaseFile)])


def _rating(case: Case) -> str:
    """The last rating among the messages, 1 to 5; empty without one."""
    return next((str(message.rating) for message in reversed(case.messages) if message.rating is not None), "")


def _identity(reporter: Reporter | None) -> dict[str, Json]:
    if reporter is None or not (reporter.name or reporter.phone or reporter.email):
        return {}
    return {"emailUser": reporter.email, "nameUser": reporter.name, "phoneUser": reporter.phone}


def _location_id(options: Options, location: Location | None) -> int:
    """The id of the region, or of the nearest one around it that has one."""
    digits = ((location.region_code if location else None) or "").replace(".", "")
    known = {code.replace(".", ""): identity for code, identity in options.location_ids.items()}
    fitting = [code for code in known if digits.startswith(code)]
    return known[max(fitting, key=len)] if fitting else options.location_id


def _incident_date(options: Options, case: Case) -> str:
    """LAPOR! wants one: without the reporter's, it is the day on which the report came."""
    day = case.report.incident_date or case.accepted_at.astimezone(_JAKARTA).date()
    return day.strftime(options.incident_date_format)


def _attachments(options: Options, file_ids: list[int]) -> Json:
    if not file_ids:
        return False
    return options.attachments_format.replace("{ids}", ",".join(map(str, file_ids)))
