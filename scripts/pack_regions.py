"""Packs the administrative regions that the gateway carries: `python -m scripts.pack_regions wilayah.sql`.

The file is `db/wilayah.sql` of the source that gateway/data/README.md names. The same file gives the same bytes.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

DATA = Path(__file__).resolve().parents[1] / "gateway" / "data"

_ROW = re.compile(r"\('(\d\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?)','((?:[^'\\]|\\.|'')*)'\)")
_LEVELS = {2: "provinces", 5: "regencies", 8: "districts", 13: "villages"}


def read_rows(sql: str) -> list[tuple[str, str]]:
    """Code and name of every region in the source's SQL, by code. Raises ValueError where a level is missing."""
    rows = sorted((code, " ".join(re.sub(r"''|\\'|’", "'", name).split())) for code, name in _ROW.findall(sql))
    missing = set(_LEVELS) - {len(code) for code, _ in rows}
    if missing:
        raise ValueError(f"no {_LEVELS[min(missing)]} in it")
    return rows


def members(rows: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """What the archive holds, by member: all districts in one, the villages of each regency in one of its own."""
    lines: dict[str, list[str]] = defaultdict(list)
    for code, name in rows:
        if len(code) == 8:
            lines["districts"].append(f"{code},{name}\n")
        elif len(code) == 13:
            lines[code[:5]].append(f"{code},{name}\n")
    return {name: "".join(kept) for name, kept in sorted(lines.items())}


def main() -> None:
    """Write `regions.csv` and `regions.zip` anew."""
    rows = read_rows(Path(sys.argv[1]).read_text("utf-8"))
    upper = "".join(f"{code},{name}\n" for code, name in rows if len(code) <= 5)
    (DATA / "regions.csv").write_text(f"code,name\n{upper}", "utf-8")
    with ZipFile(DATA / "regions.zip", "w") as archive:
        for name, text in members(rows).items():
            archive.writestr(ZipInfo(name), text.encode(), ZIP_DEFLATED, 9)


if __name__ == "__main__":
    main()
