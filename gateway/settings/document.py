"""The page about settings, made from the settings themselves."""

from __future__ import annotations

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from gateway.duration import parse_duration, spell_duration
from gateway.settings.files import FileStoreSettings
from gateway.settings.mail import MailSettings
from gateway.settings.model import PREFIX, Settings, variable
from gateway.settings.production import REFUSALS
from gateway.settings.signing_in import SignInSettings

_HEAD = f"""# Settings

Every setting is an environment variable that begins with `{PREFIX}`, or a line under `settings:` in the
configuration file. The environment wins over the file, an option of the command over both. Durations are numbers with a
unit (`500ms`, `5s`, `30m`, `76h`, `2d`) or plain seconds. Paths are relative to the working directory.

This page is made by `gateway.settings.document_settings()`; a test holds the two equal.

| Setting | Environment variable | Default | Meaning |
|---|---|---|---|
"""

_PRODUCTION = """
## What production refuses

With `environment: production` the gateway does not start, and says all of it at once, when

"""


def document_settings() -> str:
    """The whole page in Markdown."""
    inherited = [*MailSettings.model_fields, *FileStoreSettings.model_fields, *SignInSettings.model_fields]
    names = [name for name in Settings.model_fields if name not in inherited]
    fields = [(name, Settings.model_fields[name]) for name in (*names, *inherited)]
    rows = [f"| `{name}` | `{variable(name)}` | {_default(field)} | {field.description} |" for name, field in fields]
    refused = [f"- `{one.setting}` {one.told}." for one in REFUSALS]
    return _HEAD + "\n".join(rows) + "\n" + _PRODUCTION + "\n".join(refused) + "\n"


def _default(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "told" in extra:
        return str(extra["told"])
    if field.default is None:
        return "–"
    if any(isinstance(mark, BeforeValidator) and mark.func is parse_duration for mark in field.metadata):
        return f"`{spell_duration(field.default)}`"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
