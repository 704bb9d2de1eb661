"""Runs the unit tests and fails where they leave a line or a branch of a pure module untried (`make test`).

Which modules are pure is read from the layers in pyproject.toml (`id = "pure"`): a new one is held to it at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTEST = (
    "-m", "pytest", "tests/unit", "-m", "traced", "--numprocesses", "2", "--dist", "loadgroup",
    "--cov-branch", "--cov-report=",
)  # fmt: skip


def pure_modules(pyproject: dict[str, Any]) -> list[str]:
    """The modules that only take values and return values, by the contract that keeps them so."""
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    modules: list[str] = next(contract["source_modules"] for contract in contracts if contract["id"] == "pure")
    return modules


def untried(report: dict[str, Any], pure: Iterable[str]) -> list[str]:
    """What of the pure modules was not tried, a line for each file that has any; `report` is coverage's own JSON."""
    told = []
    for file, found in sorted(report["files"].items()):
        module = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        missing = [*map(str, found["missing_lines"]), *(f"{at}->{to}" for at, to in found["missing_branches"])]
        if missing and any(module == name or module.startswith(f"{name}.") for name in pure):
            told.append(f"{file}: {', '.join(missing)}")
    return told


def main() -> None:
    """Run the unit tests, with what else is given for pytest; then look at what they left untried."""
    pure = pure_modules(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")))
    with tempfile.TemporaryDirectory(prefix="sp4n-gateway-coverage-") as folder:
        result = Path(folder) / "coverage.json"
        traced = [f"--cov={name}" for name in pure]  # tracing only what is judged halves the time
        command = [sys.executable, *PYTEST, f"--cov-report=json:{result}", *traced, *sys.argv[1:]]
        rounds = os.environ | {"SP4N_TEST_ROUNDS": "traced"}
        code = subprocess.run(command, cwd=ROOT, env=rounds, check=False).returncode
        if code:
            sys.exit(code)
        left = untried(json.loads(result.read_text("utf-8")), pure)
    if left:
        sys.exit("\n".join(["The unit tests leave these lines and branches of pure modules untried:", *left]))
    print(f"Every line and branch of {len(pure)} pure modules is tried.")


if __name__ == "__main__":
    main()
