"""The settings of a process: from options, environment and file, checked as a whole."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from gateway.config import read_file
from gateway.config.fields import Section
from gateway.config.yaml_lines import Entry, Problems, read_yaml
from gateway.settings.document import document_settings
from gateway.settings.model import CONFIG_VARIABLE, PREFIX, Settings, variable
from gateway.settings.production import refusals
from schemas.base import Json
from schemas.errors import Misconfigured

__all__ = ["Settings", "document_settings", "load_settings", "variable"]

_LIKELY_SLIP = 0.85


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where values come from, the strongest first."""

    given: Mapping[str, Json]
    environ: Mapping[str, Json]
    file: Mapping[str, Entry]
    file_name: str

    def values(self) -> dict[str, Json]:
        from_file = {name: entry.plain() for name, entry in self.file.items() if entry.value is not None}
        return {**from_file, **self.environ, **self.given}

    def place(self, name: str) -> str:
        """Where the value of a setting stands, or where it could."""
        if name in self.given:
            return f"--{name.replace('_', '-')}"
        if name in self.environ or name not in self.file:
            return variable(name)
        return f"{self.file_name}:{self.file[name].line}: settings.{name}"


def load_settings(*, config_file: Path | str | None = None, **given: Json) -> Settings:
    """The settings of this process: `given` (options of a command; None is not given), then environment, then file.

    The file is `config_file`, or what SP4N_GATEWAY_CONFIG names. Raises Misconfigured with every problem, each with
    where it stands and what to set.
    """
    path = config_file or os.environ.get(CONFIG_VARIABLE) or None
    problems: list[str] = []
    sources = _Sources(
        given={name: value for name, value in given.items() if value is not None},
        environ=_from_environment(),
        file=_from_file(Path(path), problems) if path else {},
        file_name=str(path),
    )
    problems += _slips()
    values = {**sources.values(), **({"config_file": path} if path else {})}
    settings = _checked(values, sources, problems)
    if settings is not None:
        problems += [f"{sources.place(name)}: {told}" for name, told in refusals(settings)]
    if problems or settings is None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise Misconfigured(f"the settings have {count}; mend them and start again", problems)
    return settings


def _from_environment() -> dict[str, Json]:
    found = EnvSettingsSource(Settings)()
    return {name: value for name, value in found.items() if name != "config_file"}


def _from_file(path: Path, problems: list[str]) -> Mapping[str, Entry]:
    noted = Problems(str(path))
    root = read_yaml(read_file(path), noted)
    entry = root.value.get("settings") if isinstance(root.value, Mapping) else None
    known = [name for name in Settings.model_fields if name != "config_file"]
    written = Section(entry or Entry({}, 1, "settings"), known, noted)
    problems += noted.told()
    return {name: field for name in known if (field := written.entry(name)) is not None}


def _slips() -> list[str]:
    """Variables with our prefix that are no setting, but look like one misspelt."""
    known = {variable(name) for name in Settings.model_fields}
    slips = []
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            close = difflib.get_close_matches(name.upper(), known, n=1, cutoff=_LIKELY_SLIP)
            slips += [f"{name}: is no setting; did you mean {one}?" for one in close]
    return slips


def _checked(values: dict[str, Json], sources: _Sources, problems: list[str]) -> Settings | None:
    try:
        return Settings(**values)
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0])
            problems.append(f"{sources.place(name)}: {one['msg'].removeprefix('Value error, ')}")
        return None
