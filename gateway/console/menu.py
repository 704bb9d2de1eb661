"""What the menu leads to: key of the text, address, and who may see it; and the letters that lead there after `g`."""

from __future__ import annotations

from gateway.roles import Permission

MENU: tuple[tuple[str, str, Permission], ...] = (
    ("overview", "/", Permission.LOOK),
    ("log", "/log", Permission.LOOK),
    ("parked", "/parked", Permission.LOOK),
    ("uncertain", "/uncertain", Permission.LOOK),
    ("review", "/review", Permission.LOOK),
    ("files", "/files", Permission.LOOK),
    ("alerts", "/alerts", Permission.LOOK),
    ("daily", "/daily", Permission.LOOK),
    ("destinations", "/destinations", Permission.LOOK),
    ("channels", "/channels", Permission.LOOK),
    ("rules", "/rules", Permission.LOOK),
    ("journal", "/journal", Permission.LOOK),
    ("users", "/users", Permission.SET_UP),
    ("audit", "/audit", Permission.AUDIT),
)
LETTERS = {
    "overview": "o",
    "log": "l",
    "parked": "p",
    "uncertain": "u",
    "review": "r",
    "destinations": "d",
    "alerts": "a",
    "daily": "h",
}
