"""Bring ``docs/indicators`` up to date: pictures, names, lines and parameters of every indicator.

    python -m tools.make_gallery              pictures and text
    python -m tools.make_gallery --only SMA   the picture of one indicator, and all text
    python -m tools.make_gallery --text       text alone (needs no matplotlib)
    python -m tools.make_gallery --check      say what is out of date, write nothing

What an indicator does and its formula are written by hand, under a heading with its name. What
stands between ``<!-- gallery -->`` and ``<!-- /gallery -->`` is made here from the code.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from . import gallery_calls, gallery_draw

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "indicators"
PICTURES = PAGES / "img"
BEGIN, END = "<!-- gallery -->", "<!-- /gallery -->"
_BLOCK = re.compile(rf"^{BEGIN}\n.*?^{END}$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (\w+)$", re.MULTILINE)


def pages() -> list[Path]:
    """The pages with indicators on them, and the one that lists them all."""
    return sorted(path for path in PAGES.glob("*.md") if BEGIN in path.read_text(encoding="utf-8"))


def sections(text: str) -> dict[str, str]:
    """A page's sections by their headings."""
    parts = _HEADING.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def shown(value: Any) -> str:
    """A default as somebody would write it."""
    if isinstance(value, type) or callable(value):
        name = value.__name__
        return "a function" if name == "<lambda>" else f"`{name}`"
    return f"`{value!r}`"


def block(name: str) -> str:
    """What the gallery says about an indicator besides its formula."""
    cls = gallery_calls.indicators()[name]
    names = [name, *gallery_calls.other_names(cls)]
    lines = cls.lines._names or ("the name given",)
    parts = [
        BEGIN,
        f"![{name}](img/{name}.svg)",
        "",
        f"Names: {', '.join(f'`{x}`' for x in names)}. Lines: {', '.join(f'`{x}`' for x in lines)}.",
    ]
    declared = cls.params._getitems()
    if declared:
        parts += ["", "| parameter | default | |", "| --- | --- | --- |"]
        parts += [f"| `{key}` | {shown(x)} | {gallery_calls.word_for(cls, key)} |" for key, x in declared]
    return "\n".join([*parts, END])


def index() -> str:
    """Every name with the page it is on."""
    found = {}
    for path in pages():
        for name in sections(path.read_text(encoding="utf-8")):
            if name in gallery_calls.indicators():
                found[name] = f"[{name}]({path.name}#{name.lower()})"
    rows = [
        f"| {link} | {_other(name)} |" for name, link in sorted(found.items(), key=lambda x: x[0].lower())
    ]
    bases = [f"| `{name}` | {what} |" for name, what in gallery_calls.BASES.items()]
    return "\n".join(
        [
            *(BEGIN, "| indicator | other names |", "| --- | --- |", *rows, ""),
            *("| to derive from | |", "| --- | --- |", *bases, END),
        ]
    )


def _other(name: str) -> str:
    return ", ".join(f"`{x}`" for x in gallery_calls.other_names(gallery_calls.indicators()[name]))


def rewritten(path: Path) -> str:
    """A page with everything that is made from the code as it should be."""
    text = path.read_text(encoding="utf-8")
    if path.name == "index.md":
        return _BLOCK.sub(lambda _: index(), text)
    for name, section in sections(text).items():
        if _BLOCK.search(section):
            before, _, after = section.partition(BEGIN)
            text = text.replace(section, before + block(name) + after.partition(END)[2])
    return text


def complaints() -> list[str]:
    """What is missing, stale or there twice."""
    drawn = set(gallery_calls.drawn())
    texts = {path.name: path.read_text(encoding="utf-8") for path in pages()}
    where = [(name, page) for page, text in texts.items() for name in _HEADING.findall(text)]
    listed = [name for name, page in where if page != "index.md"]
    pictures = {path.stem for path in PICTURES.glob("*.svg")}
    wrong = [f"{name}: on no page" for name in sorted(drawn - {*listed})]
    wrong += [f"{name}: on a page, and no indicator" for name in sorted({*listed} - drawn)]
    wrong += [f"{name}: on two pages" for name in sorted({x for x in listed if listed.count(x) > 1})]
    wrong += [f"{name}: no picture" for name in sorted(drawn - pictures)]
    wrong += [f"img/{name}.svg: a picture of nothing" for name in sorted(pictures - drawn)]
    for page, text in texts.items():
        for name, section in sections(text).items():
            if name in drawn and ("```text\n" not in section or not _BLOCK.search(section)):
                wrong.append(f"{name}: needs a formula and a place for what is made from the code")
        if not wrong and rewritten(PAGES / page) != text:
            wrong.append(f"{page}: not what the code says")
    return wrong


def main(argv: list[str] | None = None) -> int:
    """Write or check; the exit status is 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="make_gallery", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--text", action="store_true", help="no pictures")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this picture (may be repeated)")
    parser.add_argument("--check", action="store_true", help="write nothing, say what is out of date")
    args = parser.parse_args(argv)
    if not args.check:
        if not args.text:
            gallery_draw.pictures(args.only or gallery_calls.drawn(), PICTURES)
        for path in pages():
            path.write_text(rewritten(path), encoding="utf-8")
    wrong = complaints()
    for sentence in wrong:
        print(sentence)
    if wrong and args.check:
        print("up to date again with: python -m tools.make_gallery")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
