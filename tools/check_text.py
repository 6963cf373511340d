"""Find what must not be in a published file: paths of one machine, registry hosts, loose ends.

A path that exists on one machine only, or the address of a package mirror, makes a clone
fail elsewhere in a way that is hard to see. Notes to oneself belong to the issue tracker.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# One letter of each pattern is in brackets, so that this file does not find itself.
PATTERNS = {
    "a path of one machine": r"/[w]ork/|/[f]arm/|/[r]oot/|/[h]ome/\w|/[U]sers/\w|[A-Z]:\\[U]sers\\|/[t]mp/w/",
    "a registry host": r"pyp[i]\.org|python[h]osted|registry\.np[m]js|deb\.debia[n]",
    "a loose end": r"\bTOD[O]\b|\bFIXM[E]\b|\bXX[X]\b",
}


def published_files(root: Path = ROOT) -> list[Path]:
    """Files that are tracked or would be: everything git does not ignore."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    # A file deleted but still in the index is listed too.
    return [root / name for name in listing.stdout.split("\0") if name and (root / name).is_file()]


def findings(path: Path, root: Path = ROOT) -> list[str]:
    """Each line of one file that matches a pattern, as ``file:line: what: text``."""
    data = path.read_bytes()
    if b"\0" in data:
        return []
    found: list[str] = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        for what, pattern in PATTERNS.items():
            if re.search(pattern, line):
                found.append(f"{path.relative_to(root).as_posix()}:{number}: {what}: {line.strip()[:100]}")
    return found


def main() -> int:
    """Print the findings; the exit status is 1 if there are any."""
    wrong = [finding for path in published_files() for finding in findings(path)]
    for finding in wrong:
        print(finding)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
