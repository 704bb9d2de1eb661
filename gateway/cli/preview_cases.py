"""What a destination would be sent, on a terminal."""

from __future__ import annotations

from typing import Any

from gateway.cli.say import print_json, tell


def print_preview(preview: dict[str, Any], *, as_json: bool) -> None:
    """As JSON, or as a person reads it."""
    if as_json:
        print_json(preview)
        return
    about = preview["report"] or "contoh / a sample"
    tell(f"{preview['destination']}: {about} (tidak ada yang dikirim / nothing is sent)", style="bold")
    for request in preview["requests"]:
        tell("")
        if request.get("refused"):
            tell(f"{request['step']}: ditolak sebelum dikirim / refused, unsent: {request['refused']}")
            continue
        tell(f"{request['step']}: {request['method']} {request['url']}", style="bold")
        for name, value in request["headers"]:
            tell(f"{name}: {value}")
        tell("")
        if isinstance(request["body"], str):
            tell(request["body"])
        else:
            print_json(request["body"])
    personal = ", ".join(preview["personal_fields"])
    tell("")
    tell(f"Data pribadi pelapor / Personal fields: {personal or 'tidak ada / none'}")
