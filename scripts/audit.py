"""Asks the advisory source of PyPI for known vulnerabilities of what is locked, and says plainly what it could not ask.

Ends with 1 when a vulnerability is known. A source that cannot be reached, or that does not know a package, is no proof
of anything: it is reported, and with `--strict` it fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

PIP_AUDIT = ("-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--disable-pip", "--require-hashes")


@dataclass(frozen=True, slots=True)
class Audit:
    """What became of the question: packages without and with known vulnerabilities, and those nobody could tell."""

    clean: tuple[str, ...] = ()
    vulnerable: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    fault: str = ""


def read_audit(output: str, errors: str) -> Audit:
    """The audit that pip-audit's JSON tells of; without JSON the source was not reached, and `errors` says why."""
    try:
        dependencies = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = errors.strip().splitlines()
        return Audit(fault=lines[-1] if lines else "pip-audit said nothing")
    return Audit(
        clean=tuple(each["name"] for each in dependencies if "vulns" in each and not each["vulns"]),
        vulnerable=tuple(_told(each) for each in dependencies if each.get("vulns")),
        unknown=tuple(each["name"] for each in dependencies if "vulns" not in each),
    )


def _told(dependency: dict[str, Any]) -> str:
    """One vulnerable package with the names of its advisories and the versions that mend them."""
    advisories = "; ".join(
        f"{each['id']} (mended in {', '.join(each['fix_versions']) or 'no version yet'})"
        for each in dependency["vulns"]
    )
    return f"{dependency['name']} {dependency['version']}: {advisories}"


def report(audit: Audit) -> str:
    """What a person reads."""
    if audit.fault:
        return f"NOT AUDITED: the advisory source was not reached ({audit.fault})"
    total = len(audit.clean) + len(audit.vulnerable) + len(audit.unknown)
    if len(audit.unknown) == total:
        return f"NOT AUDITED: the advisory source knows none of {total} packages (a mirror without advisories?)"
    lines = [f"{len(audit.clean)} of {total} packages have no known vulnerability", *audit.vulnerable]
    if audit.unknown:
        lines.append(f"NOT AUDITED, unknown to the advisory source: {', '.join(audit.unknown)}")
    return "\n".join(lines)


def verdict(audit: Audit, strict: bool) -> int:
    """The exit code: 1 for a known vulnerability; with `strict` also for anything that could not be asked about."""
    return int(bool(audit.vulnerable) or (strict and bool(audit.unknown or audit.fault)))


def main() -> None:
    """Audit the lock files named on the command line."""
    locks = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    command = [sys.executable, *PIP_AUDIT, *(part for lock in locks for part in ("-r", lock))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    audit = read_audit(done.stdout, done.stderr)
    print(report(audit))
    sys.exit(verdict(audit, "--strict" in sys.argv))


if __name__ == "__main__":
    main()
