"""What the menu leads to: key of the text, address, and who may see it; and the letters that lead there after `g`."""

from __future__ import annotations

from gateway.roles import Permission

MENU: tuple[tuple[str, str, Permission], ...] = (("log", "/log", Permission.LOOK),)
LETTERS = {"overview": "o", "log": "l", "parked": "p", "uncertain": "u", "review": "r", "destinations": "d"}
