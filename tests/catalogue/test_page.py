import re
from importlib import resources
from pathlib import Path

import pytest

from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.page import load_page_words, page_word_problems, read_page_words

WORDS = load_page_words()
TEMPLATES = [
    one for one in resources.files("apiward.web").joinpath("templates").iterdir() if one.name.endswith(".html")
]
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>", re.DOTALL)


def test_the_words_are_plain() -> None:
    problems = [f"{name} {problem}" for name, text in WORDS.texts.items() for problem in page_word_problems(text)]
    assert problems == []
    (capital, word) = page_word_problems("the payload.")
    assert (capital, word) == ("does not start with a capital letter", "uses the trade word 'payload'")


def test_a_template_holds_no_words_of_its_own() -> None:
    for template in TEMPLATES:
        bare = _TAGS.sub(" ", _JINJA.sub(" ", template.read_text("utf-8")))
        assert re.findall(r"[A-Za-z]{2,}", bare) == [], template.name


def test_every_text_that_a_template_names_is_there_and_nothing_is_marked_as_safe() -> None:
    for template in TEMPLATES:
        text = template.read_text("utf-8")
        named = re.findall(r'say\("([a-z0-9.-]+)"[,)]', text)
        assert [name for name in named if name not in WORDS.texts] == [], template.name
        assert "safe" not in re.findall(r"\|\s*(\w+)", text)
        assert "autoescape" not in text


def test_every_text_is_used() -> None:
    package = resources.files("apiward")
    assert isinstance(package, Path)
    source = "".join(path.read_text("utf-8") for path in package.rglob("*") if path.suffix in {".py", ".html"})
    made = re.findall(r'say\("([a-z0-9.-]+)" ~', source) + re.findall(
        r'f"((?:frame|risks|today|tables|inventory)\.[a-z0-9-]*)\{', source
    )
    named = {"frame.closed", "frame.used", "frame.opened", "frame.left", "frame.slow", "frame.strange", "frame.large"}
    named |= {"frame.away", "frame.missing"}  # with their -why, by `web.answering.said`
    named |= {"door.nobody", "door.welcome-over", "door.chosen", "door.not-yours", "door.first-step"}
    named |= {"door.owners-only"}
    starts = (*(start for start in made if not start.endswith(("frame.", "tables."))), *named)
    names = ("today", "risks", "incidents", "traffic", "inventory", "reports", "settings", "search", "you")
    known = {f"frame.{name}" for name in names}
    columns = re.findall(r'"([a-z]+)"', (package / "web" / "tables.py").read_text("utf-8"))
    known |= {f"tables.{name}" for name in columns}
    unused = [name for name in WORDS.texts if f'"{name}"' not in source and not name.startswith(starts)]
    assert set(unused) - known == set()


def test_places_are_filled_in() -> None:
    assert WORDS.said("risks.places", count=1) == "1 place"
    assert WORDS.said("risks.places", count=1200) == "1,200 places"
    assert (WORDS.has("today.title"), WORDS.has("today.none-such")) == (True, False)
    with pytest.raises(KeyError):
        WORDS.said("risks.places")


@pytest.mark.parametrize(
    ("text", "word"), [("x = [", "no TOML"), ("x = ''", "not empty"), ("x = 1", "text"), ("x = '{'", "x")]
)
def test_broken_words_are_told(text: str, word: str) -> None:
    with pytest.raises(CatalogueError, match=word):
        read_page_words(text, "today")
