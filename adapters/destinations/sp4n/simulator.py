"""A national system to hand complaints to: every call in its observed shape, as strict as a server can be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from adapters.destinations.sp4n.loose import as_number, as_object, parsed
from adapters.destinations.sp4n.simulated_course import Course, CourseStep, changed, steps_of, words
from adapters.destinations.sp4n.simulated_rules import (
    Errors,
    complaint_errors,
    file_errors,
    followup_errors,
    parts_of,
    pass_on_errors,
)
from adapters.destinations.sp4n.simulated_state import State, file_facts, local, shown
from adapters.simulator import Book, SimulatedAnswer, SimulatedApp, SimulatedRequest
from schemas.base import Json

INSTITUTION_ID = 9021
"""The institution of the channel that speaks to the simulator; it is in the list of institutions."""

_FIRST_FILE, _FIRST_COMPLAINT, _FIRST_TRACKING_ID = 70_001, 5_000_001, 9_100_001
_MASTERS = json.loads((Path(__file__).parent / "masters.json").read_text("utf-8"))

Answer = SimulatedAnswer
Handler = Callable[["Lapor", SimulatedRequest, Book, int], Answer]


def simulated(
    *,
    token: str | None = None,
    second_token: str | None = None,
    institution_id: int = INSTITUTION_ID,
    older_replies: bool = False,
    course: Sequence[CourseStep] = (),
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> SimulatedApp:
    """The application. Without tokens any will do, but there must be some; `older_replies` answers call 2 as before.

    `course` is what becomes of every complaint as time goes by.
    """
    return Lapor(token, second_token, institution_id, older_replies=older_replies, course=Course(course), now=now)


class Lapor:
    """Takes the eight calls and the older list of topics; it is steered below `/_simulator/`, see README.md."""

    def __init__(
        self,
        token: str | None,
        second_token: str | None,
        institution_id: int,
        *,
        older_replies: bool,
        course: Course,
        now: Callable[[], datetime],
    ) -> None:
        self._token = token
        self._second_token = second_token
        self._own = institution_id
        self._older_replies = older_replies
        self._course = course
        self._now = now
        self._state = State()
        self._institutions: dict[int, str] = {row["id"]: row["name"] for row in _MASTERS["institutions"]}

    def take(self, request: SimulatedRequest, book: Book) -> Answer:
        """Answer one request."""
        self._state.follow(book)
        self._play(book)
        for method, path, handler, guarded in _ROUTES:
            found = path.fullmatch(request.path)
            if found is None or method != request.method:
                continue
            if guarded and not self._admits(request):
                return Answer.of_json({"message": "Unauthenticated."}, 401)
            return handler(self, request, book, int(found["id"]) if "id" in path.groupindex else 0)
        return Answer.of_json({"message": "Not Found"}, 404)

    def _admits(self, request: SimulatedRequest) -> bool:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        second = request.headers.get("token", "")
        known = self._token in (None, bearer) and self._second_token in (None, second)
        return scheme == "Bearer" and bool(bearer) and bool(second) and known

    # ------------------------------------------------------------------------------------------------------ the calls

    def _files(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        parts = parts_of(request.headers.get("content-type", ""), request.body)
        if parts is None:
            return Answer.of_json({"message": "Unsupported Media Type"}, 415)
        if errors := file_errors(parts):
            return _invalid(errors)
        ids = [_FIRST_FILE + len(self._state.files) + place for place in range(len(parts))]
        rows: dict[str, list[dict[str, Json]]] = {"images": [], "docs": []}
        for number, part in zip(ids, parts, strict=True):
            book.append({"kind": "file", "id": number, "at": self._at(), **file_facts(part)})
            rows["images" if part.media_type.startswith("image/") else "docs"].append({"id": number})
        return Answer.of_json({"status": "success", "results": rows})

    def _complaint(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        fields = _json_fields(request)
        if fields is None:
            return Answer.of_json({"message": "Unsupported Media Type"}, 415)
        if errors := complaint_errors(fields, self._own, self._state.files):
            return _invalid(errors)
        count = len(self._state.complaints)
        number, tracking_id = _FIRST_COMPLAINT + count, _FIRST_TRACKING_ID + 3 * count
        entry = {"kind": "complaint", "id": number, "tracking_id": tracking_id, "at": self._at(), "fields": fields}
        book.append(entry)
        self._course.begin(number, self._now())
        known = {"id": number, "tracking_id": tracking_id}
        if self._older_replies:
            return Answer.of_json({"status": "success", "results": {"complaint": known}})
        return Answer.of_json({"status": "success", "complaint_id": number, "tracking_id": tracking_id})

    def _pass_on(self, request: SimulatedRequest, book: Book, number: int) -> Answer:
        fields, complaint = _json_fields(request), self._state.complaints.get(number)
        if fields is None:
            return Answer.of_json({"message": "Unsupported Media Type"}, 415)
        if complaint is None:
            return _unknown()
        if complaint.disposition != self._own:
            return Answer.of_json({"message": "Laporan tidak lagi dalam kewenangan instansi Anda."}, 422)
        if errors := pass_on_errors(fields, self._institutions):
            return _invalid(errors)
        moved = {"from": complaint.disposition, "to": int(fields["reason"]), "text": fields["reason_description"]}
        book.append({"kind": "pass_on", "complaint_id": number, "at": self._at(), **moved})
        return Answer.of_json({"status": "success", "message": "Laporan diteruskan."})

    def _status(self, request: SimulatedRequest, book: Book, number: int) -> Answer:
        complaint = self._state.complaints.get(number)
        if complaint is None:
            return _unknown()
        data = {
            "id": complaint.number,
            "status_code": complaint.status_code,
            "status_name": complaint.status_name,
            "disposition_id": complaint.disposition,
            "disposition_name": self._institutions.get(complaint.disposition),
            "status_logs": [{"note": log["note"], "timestamp": log["timestamp"]} for log in complaint.logs],
        }
        return Answer.of_json({"results": {"data": data, "data_logs": [self._named(log) for log in complaint.logs]}})

    def _followups(self, request: SimulatedRequest, book: Book, number: int) -> Answer:
        complaint = self._state.complaints.get(number)
        if complaint is None:
            return _unknown()
        rows = [shown(entry) for entry in complaint.followups]
        size, page = as_number(request.query.get("page_size")), as_number(request.query.get("page")) or 1
        listed = rows if size is None else rows[(page - 1) * size : page * size]
        return Answer.of_json({"results": {"data": listed, "total": len(rows)}})

    def _followup(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        parts = parts_of(request.headers.get("content-type", ""), request.body)
        if parts is None:
            return Answer.of_json({"message": "Unsupported Media Type"}, 415)
        if errors := followup_errors(parts, self._own, self._institutions, self._state.files):
            return _invalid(errors)
        fields = {part.name: part.content.decode() for part in parts if part.file_name is None}
        number = int(fields["complaint_id"])
        if number not in self._state.complaints:
            return _unknown()
        files = [file_facts(part) for part in parts if part.file_name is not None]
        return self._add_followup(book, {"complaint_id": number, "fields": fields, "files": files})

    def _institutions_list(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        return Answer.of_json({"results": {"data": _page(request, _MASTERS["institutions"])}})

    def _templates_list(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        return Answer.of_json({"results": {"data": _page(request, _MASTERS["templates"])}})

    def _topics(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        key = as_object(parsed(request.body)).get("KEYTOKEN") or request.headers.get("keytoken")
        return Answer.of_json(_MASTERS["topics"]) if key else Answer.of_json({"message": "KEYTOKEN"}, 401)

    def _page(self, request: SimulatedRequest, book: Book, number: int) -> Answer:
        shown = [each for each in self._state.complaints.values() if each.tracking_id == number]
        if not shown or shown[0].fields["is_secret"]:
            return Answer(404, {"content-type": "text/html; charset=utf-8"}, b"<!doctype html><title>404</title>")
        page = f"<!doctype html><title>Laporan {number}</title><p>{shown[0].status_name}"
        return Answer(200, {"content-type": "text/html; charset=utf-8"}, page.encode())

    # --------------------------------------------------------------------------------------------------- the switches

    def _set_status(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        """`complaint_id`, and `status_name` and `note` where the usual course is left."""
        wanted = as_object(parsed(request.body))
        complaint = self._state.complaints.get(as_number(wanted.get("complaint_id")) or 0)
        if complaint is None:
            return _unknown()
        change = changed(complaint, wanted.get("status_name"), wanted.get("note"))
        book.append({"kind": "status", "complaint_id": complaint.number, "at": self._at(), **change})
        return Answer.of_json(change)

    def _say(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        """The institution answers: `complaint_id` and `content`."""
        wanted = as_object(parsed(request.body))
        complaint = self._state.complaints.get(as_number(wanted.get("complaint_id")) or 0)
        if complaint is None:
            return _unknown()
        return self._add_followup(book, words(complaint, str(wanted.get("content", ""))))

    def _plan(self, request: SimulatedRequest, book: Book, _: int) -> Answer:
        """What becomes of a complaint from now on: `complaint_id` and `steps` of after, status_name, note, content."""
        wanted = as_object(parsed(request.body))
        complaint = self._state.complaints.get(as_number(wanted.get("complaint_id")) or 0)
        if complaint is None:
            return _unknown()
        self._course.plan(complaint.number, self._now(), steps_of(wanted))
        return Answer.of_json({"complaint_id": complaint.number})

    # -------------------------------------------------------------------------------------------------------- helpers

    def _play(self, book: Book) -> None:
        """Write into the book what fell due since the last request, at the times at which it did."""
        for planned in self._course.due(self._now()):
            complaint, at = self._state.complaints[planned.complaint_id], local(planned.at)
            if planned.step.status_name:
                change = changed(complaint, planned.step.status_name, planned.step.note)
                book.append({"kind": "status", "complaint_id": complaint.number, "at": at, **change})
            if planned.step.content:
                self._add_followup(book, words(complaint, planned.step.content), at)
            self._state.follow(book)

    def _add_followup(self, book: Book, facts: dict[str, Json], at: str | None = None) -> Answer:
        number = self._state.followups + 1
        book.append({"kind": "followup", "id": number, "at": at or self._at(), **facts})
        return Answer.of_json({"status": "success", "results": {"data": {"id": number}}})

    def _named(self, log: dict[str, Json]) -> dict[str, Json]:
        sides = {side: log[f"institution_{side}_id"] for side in ("from", "to")}
        names = {f"institution_{side}": self._institutions.get(as_number(each) or 0) for side, each in sides.items()}
        return {**log, **names}

    def _at(self) -> str:
        return local(self._now())


def _path(path: str) -> re.Pattern[str]:
    """Below whatever the service bus puts before it."""
    return re.compile(rf"(?:/[\w.-]+)*?{path}")


_ROUTES: tuple[tuple[str, re.Pattern[str], Handler, bool], ...] = (
    ("POST", _path(r"/complaints/complaint/file"), Lapor._files, True),
    ("POST", _path(r"/complaints/complaint(?:-[a-z]+)?"), Lapor._complaint, True),
    ("POST", _path(r"/complaints/process/(?P<id>\d{1,18})/reject"), Lapor._pass_on, True),
    ("GET", _path(r"/complaints/(?P<id>\d{1,18})/complaint"), Lapor._status, True),
    ("GET", _path(r"/complaints/(?P<id>\d{1,18})/followups"), Lapor._followups, True),
    ("POST", _path(r"/complaints/followup/add"), Lapor._followup, True),
    ("GET", _path(r"/masters/institutions/external"), Lapor._institutions_list, True),
    ("GET", _path(r"/masters/templates"), Lapor._templates_list, True),
    ("POST", _path(r"/api/services/f01/gettopics"), Lapor._topics, False),
    ("GET", _path(r"/pengaduan/(?P<id>\d{1,18})"), Lapor._page, False),
    ("POST", _path(r"/_simulator/status"), Lapor._set_status, False),
    ("POST", _path(r"/_simulator/followup"), Lapor._say, False),
    ("POST", _path(r"/_simulator/course"), Lapor._plan, False),
)
"""Method, path, what answers, and whether the two headers are asked for."""


def _json_fields(request: SimulatedRequest) -> dict[str, Json] | None:
    """The body as an object; None when it is not JSON."""
    body = parsed(request.body)
    right_type = request.headers.get("content-type", "").startswith("application/json")
    return body if right_type and isinstance(body, dict) else None


def _invalid(errors: Errors) -> Answer:
    return Answer.of_json({"message": "Data yang dikirim tidak valid.", "errors": errors}, 422)


def _unknown() -> Answer:
    return Answer.of_json({"message": "Laporan tidak ditemukan."}, 404)


def _page(request: SimulatedRequest, rows: list[dict[str, Json]]) -> list[dict[str, Json]]:
    return rows[: as_number(request.query.get("page_size")) or 10]
