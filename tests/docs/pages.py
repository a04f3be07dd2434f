"""The pages that people read, taken apart: examples, links, sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FRONT: Final = tuple(ROOT / f"{name}.md" for name in ("README", "CHANGELOG", "RATIONALE", "SECURITY", "CONTRIBUTING"))
WRITTEN: Final = tuple(sorted(path for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "reference"))
REFERENCE: Final = tuple(sorted((ROOT / "docs" / "reference").glob("*.md")))
FOR_OWNERS: Final = (ROOT / "README.md", ROOT / "CHANGELOG.md", *WRITTEN)
ALL: Final = (*FRONT, *WRITTEN, *REFERENCE)

_BLOCK: Final = re.compile(
    r"^(?:<!-- (?:exit: (\d+)|file: ([\w.-]+)|(stays)) -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_INLINE: Final = re.compile(r"`([^`\n]+)`")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LEAD: Final = re.compile(r"^(#+|[-*>]|\d+\.)\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block, with what a comment above it says.

    `exit_code` is that of its commands (0 if not said), `file` the name under which it is saved,
    `stays` that its one command goes on running while the rest of the page is read.
    """

    kind: str
    text: str
    exit_code: int = 0
    file: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a `console` block and the output that it shows; `...` stands for anything."""

    command: str
    shown: str


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path) -> list[Block]:
    return [Block(m[4], m[5], int(m[1] or 0), m[2] or "", bool(m[3])) for m in _BLOCK.finditer(path.read_text("utf-8"))]


def steps(text: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", text.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield Step(command, shown)


def is_shown(shown: str, output: str) -> bool:
    """Whether the output is as shown; a line of `...` stands for any lines, `...` in a line for any text."""
    parts = [part.strip("\n").split("\n") for part in re.split(r"^\.\.\.$", shown, flags=re.MULTILINE)]
    lines, at = output.rstrip("\n").split("\n"), 0
    for number, part in enumerate(parts if shown else ()):
        if part == [""]:
            continue
        places = [i for i in range(at, len(lines) - len(part) + 1) if all(map(_is_line, part, lines[i:]))]
        if number == len(parts) - 1:
            places = [i for i in places if i == len(lines) - len(part)]
        if not places or (number == 0 and places[0] != 0):
            return False
        at = places[0] + len(part)
    return not shown or parts[-1] == [""] or at == len(lines)


def _is_line(shown: str, line: str) -> bool:
    return re.fullmatch(re.escape(shown).replace(r"\.\.\.", ".*"), line.rstrip()) is not None


def links(path: Path) -> list[str]:
    return _LINK.findall(_without_blocks(path))


def anchors(path: Path) -> set[str]:
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(path.read_text("utf-8")))
    return {heading.replace(" ", "-") for heading in plain}


def inline(path: Path) -> list[str]:
    return _INLINE.findall(_without_blocks(path))


def prose(path: Path) -> list[str]:
    """Return the page's paragraphs, list entries, headings and table cells, without code, links and comments."""
    text = _INLINE.sub("code", _without_blocks(path))
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    pieces: list[list[str]] = [[]]
    for line in text.splitlines():
        if not line.strip() or _LEAD.match(line.strip()) or line.startswith("|"):
            pieces.append([])
        pieces[-1] += [cell for cell in _LEAD.sub("", line.strip()).replace("**", "").split("|") if cell.strip()]
        if line.startswith(("#", "|")):
            pieces.append([])
    return [" ".join(piece) for piece in pieces if piece]


def _without_blocks(path: Path) -> str:
    return _BLOCK.sub("", path.read_text("utf-8"))
