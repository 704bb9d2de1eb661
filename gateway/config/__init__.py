"""The configuration file: destinations, directory and routes, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from adapters.contract import DestinationKind
from gateway.config.calendar import read_calendar
from gateway.config.destinations import Surroundings, read_destination
from gateway.config.directory import read_directory
from gateway.config.fields import Section
from gateway.config.routes import read_rules
from gateway.config.values import Config, DestinationConfig, Rate
from gateway.config.yaml_lines import Entry, Problems, read_yaml
from schemas.errors import Misconfigured

__all__ = ["Config", "DestinationConfig", "Rate", "load_config", "parse_config", "parse_rules", "read_file"]

FIELDS = ("settings", "destinations", "directory", "routes", "calendar")


def load_config(
    path: Path, *, kinds: Mapping[str, DestinationKind], production: bool, environ: Mapping[str, str]
) -> Config:
    """The configuration of a file. Raises Misconfigured with every problem, each with file, line and what to write."""
    return parse_config(read_file(path), file=str(path), kinds=kinds, production=production, environ=environ)


def read_file(path: Path) -> str:
    """The text of a configuration file. Raises Misconfigured when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = f"{path}: cannot be read ({type(error).__name__}); check the path, its owner, and that it is UTF-8"
        raise Misconfigured(f"the configuration file {path} cannot be read", [told]) from error


def parse_config(
    text: str, *, file: str, kinds: Mapping[str, DestinationKind], production: bool, environ: Mapping[str, str]
) -> Config:
    """The configuration in a text. `kinds` are the adapters there are, `environ` gives the secrets of `env:NAME`.

    Raises Misconfigured: `problems` holds all of them, in the order of their lines.
    """
    problems = Problems(file)
    root = read_yaml(text, problems)
    whole = Section(root, FIELDS, problems)
    around = Surroundings(kinds, production, environ)
    written = _destinations(whole.entry("destinations"), root, problems)
    built = {name: read_destination(entry, name, around, problems) for name, entry in written.items()}
    _refuse_shared(built.values(), problems)
    directory = read_directory(whole.entry("directory"), written, problems)
    rules = read_rules(whole.entry("routes"), directory, written, problems)
    calendar = read_calendar(whole, Path(file).parent)
    problems.raise_if_any()
    return Config({name: one for name, one in built.items() if one is not None}, rules, calendar)


def parse_rules(text: str, config: Config) -> Config:
    """The configuration with other rules: a text with `routes:`, and `directory:` where that changes too.

    Raises Misconfigured with every problem.
    """
    problems = Problems("routes")
    whole = Section(read_yaml(text, problems), ("directory", "routes"), problems)
    written = whole.entry("directory")
    known = tuple(config.destinations)
    directory = read_directory(written, known, problems) if written else config.rules.directory
    rules = read_rules(whole.entry("routes"), directory, known, problems)
    problems.raise_if_any()
    return replace(config, rules=rules)


def _destinations(entry: Entry | None, root: Entry, problems: Problems) -> Mapping[str, Entry]:
    if entry is not None and isinstance(entry.value, Mapping) and entry.value:
        return entry.value
    line = entry.line if entry else root.line
    problems.add(line, "destinations", "is missing; name at least one: `sp4n:` with `adapter:`, `url:` and `secrets:`")
    return {}


def _refuse_shared(built: Iterable[DestinationConfig | None], problems: Problems) -> None:
    """A callback's signature tells whose it is, so no two destinations may have the same secret."""
    owners: dict[str, str] = {}
    for one in built:
        for secret in one.callback if one else ():
            if one and owners.setdefault(secret, one.name) != one.name:
                path = f"destinations.{one.name}.secrets.callback_secret"
                problems.add(one.line, path, f"is that of {owners[secret]} too; give each destination its own")
