import html
import re
import shlex
from pathlib import Path

import click
import pytest

from apiward.catalogue.loading import load_catalogue
from apiward.catalogue.prose import JARGON, sentences
from apiward.cli.either import Either
from apiward.cli.main import cli
from tests.docs.pages import ALL, FOR_OWNERS, ROOT, anchors, blocks, inline, links, name_of, prose

MAX_WORDS = 20
JARGON_IN = re.compile(rf"\b({'|'.join(map(re.escape, JARGON))})\b", re.IGNORECASE)
PRAISE = re.compile(
    r"\b(best|leading|powerful|revolutionary|effortless(ly)?|simply|blazing|cutting-edge|world-class|enterprise-grade|"
    r"comprehensive|state-of-the-art|unique|seamless(ly)?|robust|game-chang\w+)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("page", ALL, ids=name_of)
def test_links_within_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", FOR_OWNERS, ids=name_of)
def test_pages_for_owners_are_in_plain_words(page: Path) -> None:
    for piece in prose(page):
        assert JARGON_IN.findall(piece) == [], piece
        assert PRAISE.findall(piece) == [], piece
        long = [sentence for sentence in sentences(piece) if len(sentence.split()) > MAX_WORDS]
        assert long == []


@pytest.mark.parametrize("page", ALL, ids=name_of)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    lines = [*inline(page), *(line for block in blocks(page) for line in block.text.splitlines())]
    for line in lines:
        words = line.removeprefix("$ ").strip().removesuffix("\\")
        if words.startswith("apiward ") and page.parent.name != "reference":
            assert _is_known(shlex.split(words)[1:]), line


def test_the_two_commands_of_the_readme_are_in_the_makefile() -> None:
    made = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    told = re.findall(r"^make ([a-z-]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert set(told) == {"try", "test"}
    assert set(told) <= set(made)


def test_the_picture_shows_the_words_of_today() -> None:
    picture = (ROOT / "docs" / "images" / "try.svg").read_text("utf-8")
    assert re.findall(r"(?:url\(|href=|src=)[\"']?(?!#)", picture) == [], "it loads nothing"
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", picture)).split())
    codes = re.findall(r"\b[A-Z]{3}\d\d\b", text)
    assert codes
    assert [code for code in codes if f"{load_catalogue().checks[code].title}." not in text] == []


@pytest.mark.parametrize(
    ("text", "is_fine"),
    [("scan URL --spec FILE", True), ("scan --lvel full", False), ("scna URL", False), ("--help", True)],
)
def test_unknown_commands_are_noticed(text: str, is_fine: bool) -> None:  # noqa: FBT001 - a case of the table
    assert _is_known(shlex.split(text)) == is_fine


def _is_known(words: list[str]) -> bool:
    """Whether the options and commands exist; the values are another test's."""
    command: click.Command | None = cli
    context = click.Context(cli)
    known = {"--help", "--version", "-h", "--debug"}
    for word in words:
        usual = command.commands.get(getattr(command, "usual", "")) if isinstance(command, click.Group) else None
        if isinstance(command, click.Group) and (usual is not None or not word.startswith("-")):
            command = command.get_command(context, word) or usual
        if isinstance(command, Either) and word in command.places:
            command = command.command(word)
        if command is None:
            return False
        known |= {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    return all(word.partition("=")[0] in known for word in words if re.match(r"--?[a-z]", word))
