import base64
import hashlib
import itertools
import re
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

import pytest

from apiward.core.scan_report import ScanReport
from apiward.prove.baseline import Applied, accept
from apiward.prove.changes import Changes
from apiward.prove.formats import html
from apiward.prove.model import ReportModel, build_model
from tests.prove.sample import CATALOGUE, HOSTILE, entry, finding, full_report, hostile_report, report, with_words

DAY = date(2026, 11, 23)
VOID = {"meta", "br"}


@dataclass
class Page(HTMLParser):
    """What a browser makes of the page: tags with attributes, and the text."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page(model: ReportModel) -> Page:
    parsed = Page()
    parsed.feed(html.render(model))
    assert parsed.open == []
    return parsed


def attributes(parsed: Page, name: str) -> list[str]:
    return [value or "" for _, attrs in parsed.tags for key, value in attrs.items() if key == name]


@pytest.mark.parametrize("scan", [report(), full_report(), hostile_report()], ids=range(3))
def test_one_page_without_scripts_or_outside_requests(scan: ScanReport) -> None:
    parsed = page(build_model(scan, CATALOGUE))
    names = {tag for tag, _ in parsed.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "form", "base", "svg", "video"}
    for _, attrs in parsed.tags:
        assert not {name for name in attrs if name.startswith("on") or name in {"style", "src"}}


def test_the_policy_allows_our_styles_and_nothing_else() -> None:
    text = html.render(build_model(full_report(), CATALOGUE))
    css = re.search(r"<style>(.*)</style>", text, re.DOTALL)
    assert css
    digest = base64.b64encode(hashlib.sha256(css[1].encode()).digest()).decode()
    (policy,) = (c for c in attributes(page(build_model(full_report(), CATALOGUE)), "content") if "default-src" in c)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in css[1]
    assert "@import" not in css[1]


def test_hostile_text_is_shown_as_text() -> None:
    parsed = page(build_model(hostile_report(), CATALOGUE))
    text = "".join(parsed.text)
    assert text.count("<script>alert(1)</script>") > 10
    assert "\\x1b[2J" in text
    assert "\\u202e" in text
    assert not [link for link in attributes(parsed, "href") if "evil" in link]


def test_links_go_to_known_places_only() -> None:
    odd = entry("OBJ01", "object-read", "Some title", finding().severity)
    object.__setattr__(odd, "references", ("javascript:alert(1)", "https://cwe.mitre.org/"))
    model = build_model(report([finding()]), with_words({"OBJ01": odd}))
    links = attributes(page(model), "href")
    assert "https://cwe.mitre.org/" in links
    assert all(link.startswith(("#", "https://")) for link in links)


def test_every_inner_link_has_its_place_and_ids_are_unique() -> None:
    parsed = page(build_model(full_report(), CATALOGUE))
    ids = attributes(parsed, "id")
    assert len(ids) == len(set(ids))
    inner = {link[1:] for link in attributes(parsed, "href") if link.startswith("#")}
    assert inner <= set(ids)
    labels = set(attributes(parsed, "aria-labelledby"))
    assert labels <= set(ids)


def test_the_owner_comes_first() -> None:
    text = html.render(build_model(full_report(), CATALOGUE))
    marks = ["<h1>", 'id="next"', 'id="not-checked"', 'id="checked"', 'id="developer"', 'id="glossary"']
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert text.count('<li class="card">') == 3


def test_headings_leave_no_level_out() -> None:
    levels = [int(tag[1]) for tag, _ in page(build_model(full_report(), CATALOGUE)).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_accepted_changes_and_many_places() -> None:
    bad = finding()
    applied = Applied(accepted=(accept(bad, reason=HOSTILE, accepted_on=DAY, expires_on=DAY),))
    many = [finding("CFG03", f"GET /{n}") for n in range(html.MAX_EVIDENCE + 2)]
    model = build_model(
        report([bad, *many]), CATALOGUE, baseline=applied, changes=Changes(new=(many[0].id,), fixed=("0123456789",))
    )
    text = html.render(model)
    assert "Accepted for now, not counted" in text
    assert "1 new, 0 came back, 1 fixed" in text
    assert "Also here (evidence in the JSON report)" in text


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG 2.2 of two colours written as #rrggbb or #rgb."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
def test_every_text_colour_has_aa_contrast_on_every_ground(theme: int) -> None:
    css = html.render(build_model(report(), CATALOGUE))
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", blocks[theme]))
    inks = ("ink", "soft", "accent", "critical", "high", "medium", "low", "note")
    for ink in inks:
        for ground in ("paper", "card", "code", "tint"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
