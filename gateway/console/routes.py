"""Every address of the console, with who may use it: the only place where that is said."""

from __future__ import annotations

from gateway.console import entry, log, saved, search, static_files
from gateway.console.guard import Page
from gateway.roles import Permission

PAGES: tuple[Page, ...] = (
    Page("GET", "/static/{name}", static_files.send_file, None),
    Page("GET", "/sign-in", entry.show_sign_in, None),
    Page("POST", "/sign-in", entry.take_sign_in, None),
    Page("GET", "/language", entry.choose_language, None),
    Page("POST", "/sign-out", entry.take_sign_out, Permission.LOOK),
    Page("GET", "/", log.show_log, Permission.LOOK),
    Page("GET", "/log", log.show_log, Permission.LOOK),
    Page("GET", "/log/follow", log.follow_log, Permission.LOOK),
    Page("POST", "/log/views", saved.take_view, Permission.LOOK),
    Page("POST", "/log/views/{view}/drop", saved.drop, Permission.LOOK),
    Page("POST", "/search", search.find, Permission.LOOK),
)
