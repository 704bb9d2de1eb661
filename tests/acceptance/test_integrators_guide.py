"""The integrators' guide as its reader follows it: the example started, examined, and made to say something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gateway.chaos.ports import free_ports
from tests.house.pages import ROOT, blocks

PAGE = ROOT / "docs/integrators.md"
PORTS = ("9200", "9201")


def test_the_commands_of_the_guide_run_and_print_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    (tmp_path / "clients").symlink_to(ROOT / "clients")
    run = [block.text for block in blocks(PAGE) if block.mark == "run"]
    program = "set -euo pipefail\ntrap 'kill $(jobs -p)' EXIT\n"
    program += "\n".join(f"exec >out.{place} 2>&1\n{text}" for place, text in enumerate(run))
    first = free_ports(len(PORTS))
    for place, written in enumerate(PORTS):
        program = program.replace(written, str(first + place))
    around = {name: value for name, value in os.environ.items() if not name.startswith(("SP4N_", "KASUS_"))}
    around["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(["bash", "-c", program], cwd=tmp_path, env=around, timeout=100, check=False)
    said = [path.read_text("utf-8") for path in sorted(tmp_path.glob("out.*"))]
    assert (done.returncode, len(said)) == (0, len(run)), said[-1]
    place, missing = -1, []
    for block in blocks(PAGE):
        place += block.mark == "run"
        missing += [line for line in block.text.splitlines() if block.mark == "output" and line not in said[place]]
    assert missing == []
