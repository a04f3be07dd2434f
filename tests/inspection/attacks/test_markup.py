import pytest

from apiward.inspection.attacks.markup import DETECTOR
from apiward.inspection.model import View


def rule(text: str) -> str | None:
    seen = DETECTOR.look(View(text, text.lower()))
    return seen.rule if seen is not None and seen.score >= 0.5 else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script src=x>", "markup.script"),
        ("<b onclick=x>", "markup.event-attribute"),
        ("<a href=javascript:x>", "markup.address"),
        ("<p style='x:expression(1)'>", "markup.style-attribute"),
        ("<meta http-equiv=refresh>", "markup.meta"),
        ("<img dynsrc=x>", "markup.attribute"),
        ("<iframe src=//a>", "markup.running-tag"),
        ("<form>", "markup.active-tag"),
        ('"><img src=x>', "markup.breakout"),
        ('"><img class="a" src=//x', "markup.breakout"),
        ('"/><image', "markup.breakout"),
        ("x</title>", "markup.closing"),
        ("' onfocus=go() x='", "markup.event"),
    ],
)
def test_markup_that_acts(text: str, expected: str) -> None:
    assert rule(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b>",
        '<a href="https://example.com"><img src="https://example.com/a.png" alt="x"></a>',
        'front_2"><img class="wide pic-27',
        "List<Object> and Promise<Set>",
        "a regular expression (regex)",
        "x < y",
        "<anna@example.com>",
        "on time = good",
        "<p class='a' style='color:red'>x</p>",
    ],
)
def test_markup_that_formats(text: str) -> None:
    assert rule(text) is None
