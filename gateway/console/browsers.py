"""What a browser says of itself, in two words that its owner knows again."""

from __future__ import annotations

from gateway.console.texts import told

_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""The first sign that is there decides: most browsers name others beside themselves."""
_LONGEST = 60


def browser_told(language: str, agent: str) -> str:
    """`Chrome di Android`; what names neither is shown as it is, as far as it is short."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return told(language, "me.browser", name=browser, system=system)
    return browser or system or agent[:_LONGEST]
