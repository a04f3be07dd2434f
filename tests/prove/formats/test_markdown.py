from datetime import date
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from apiward.core.verdict import Evidence
from apiward.prove.baseline import Applied, accept
from apiward.prove.formats import markdown
from apiward.prove.model import build_model
from tests.prove.sample import CATALOGUE, exchange, finding, full_report, hostile_report, report


class Tags(HTMLParser):
    """Collects the tags that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)


def tags(text: str) -> set[str]:
    parser = Tags()
    parser.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    return parser.names


def test_hostile_text_becomes_no_markup() -> None:
    names = tags(markdown.render(build_model(hostile_report(), CATALOGUE)))
    assert not names & {"script", "a", "img"}
    assert {"h1", "table", "details"} <= names


def test_nobody_is_called_outside_of_code() -> None:
    text = markdown.render(build_model(hostile_report(), CATALOGUE))
    prose = [line for line in text.splitlines() if line.startswith("- ") and "`" not in line]
    assert all("@all" not in line for line in prose)


def test_rows_of_the_table_have_equal_cells() -> None:
    text = markdown.render(build_model(hostile_report(), CATALOGUE))
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert html.count("<td>") == 6
    assert "<td>1 to 3 hours</td>" in html


def test_fences_outlast_backticks_in_bodies() -> None:
    bad = finding(evidence=Evidence(exchange(answer=b"```\n<script>x</script>\n````\n# no heading")))
    assert tags(markdown.render(build_model(report([bad]), CATALOGUE))).isdisjoint({"script"})


def test_state_problems_and_gaps_are_there() -> None:
    text = markdown.render(build_model(full_report(), CATALOGUE))
    assert "**Your API is open to 3 serious problems.**" in text
    assert "## INJ01: Text from a visitor is run by the database" in text
    assert "- 4 not run: It needs an admin account." in text
    assert "Every check that we started" in markdown.render(build_model(report(), CATALOGUE))


def test_what_is_left_behind_is_no_gap() -> None:
    text = markdown.render(build_model(full_report(), CATALOGUE))
    gaps, _, left = text.partition("## Left behind on your API")
    assert "client 12" not in gaps
    assert "client 12" in left
    assert text.count("POST /reset") == 1
    assert "Left behind" not in markdown.render(build_model(report(), CATALOGUE))


def test_accepted_findings_are_listed_with_their_reason() -> None:
    day = date(2026, 11, 23)
    applied = Applied(accepted=(accept(finding(), reason="*Test* data.", accepted_on=day, expires_on=day),))
    text = markdown.render(build_model(report([finding()]), CATALOGUE, baseline=applied))
    assert "- OBJ01 `GET /notes/{id}`, until 2026-11-23: \\*Test\\* data." in text
