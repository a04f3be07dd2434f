"""Stories are told once, from links between findings that still stand."""

from dataclasses import replace

from apiward.catalogue.loading import load_catalogue
from apiward.core.finding import Finding, Severity
from apiward.core.link import Link
from apiward.prove.chains import chains_of, lifted
from apiward.prove.formats import html, json, markdown, text
from apiward.prove.model import ReportModel, build_model
from tests.prove.sample import exchange, finding, report

STORIES = load_catalogue().stories


def _finding(check: str, operation: str) -> Finding:
    severity = load_catalogue().checks[check].severity
    return replace(finding("OBJ01", operation, severity=severity), check=check)


SHOWN = _finding("PRO04", "GET /people")
LISTED = _finding("FUN02", "GET /admin/people")
RESET = _finding("AUT22", "POST /forgot")
GUESSED = _finding("AUT07", "POST /login")
SQL = _finding("INJ01", "GET /notes")


def _link(story: str, first: Finding, then: Finding) -> Link:
    return Link(story, first.id, then.id, then.operation, "It was shown.")


RESETS = (_link("name-then-reset", SHOWN, RESET), _link("name-then-reset", LISTED, RESET))


def test_links_of_one_story_are_one_story_with_places() -> None:
    (chain,) = chains_of(RESETS, [SHOWN, LISTED, RESET], STORIES)
    assert "GET /people and 1 more tells strangers" in chain.text
    assert "POST /forgot" in chain.text
    assert chain.severity is Severity.CRITICAL
    assert (chain.first, chain.then, chain.mend) == ((SHOWN.id, LISTED.id), (RESET.id,), (RESET.id,))


def test_a_story_with_an_end_that_is_fixed_or_accepted_is_not_told() -> None:
    (chain,) = chains_of(RESETS, [SHOWN, RESET], STORIES)
    assert chain.first == (SHOWN.id,)
    assert chains_of(RESETS, [SHOWN, LISTED], STORIES) == ()
    assert chains_of(RESETS, [RESET], STORIES) == ()
    assert chains_of([replace(RESETS[0], story="of another version")], [SHOWN, RESET], STORIES) == ()


def test_what_a_worse_story_tells_is_not_told_again() -> None:
    guess = _link("name-then-guess", SHOWN, GUESSED)
    assert [one.story for one in chains_of([guess], [SHOWN, GUESSED], STORIES)] == ["name-then-guess"]
    told = chains_of([guess, *RESETS], [SHOWN, LISTED, RESET, GUESSED], STORIES)
    assert [one.story for one in told] == ["name-then-reset"]


def test_a_story_lifts_the_step_to_mend_first_and_no_other() -> None:
    chains = chains_of(RESETS, [SHOWN, LISTED, RESET], STORIES)
    assert lifted(chains) == {RESET.id: Severity.CRITICAL}


def test_what_is_put_in_is_not_read_again() -> None:
    odd = _finding("PRO04", "GET /{then}/{first}")
    (chain,) = chains_of([_link("name-then-reset", odd, RESET)], [odd, RESET], STORIES)
    assert "GET /{then}/{first} tells" in chain.text


def _model(*findings: Finding, links: tuple[Link, ...]) -> ReportModel:
    return build_model(replace(report(findings), links=links), load_catalogue())


MADE = _finding("PRO01", "POST /register")
ROLE = Link(
    "role-then-staff",
    MADE.id,
    "",
    "GET /admin/people",
    "The account was served.",
    replace(SQL.evidence, attack=exchange(path="/admin/people")),
)


def test_the_first_step_is_what_to_do_first() -> None:
    alone = _model(MADE, SHOWN, SQL, links=())
    assert alone.groups[0].entry.code == "INJ01"
    codes = [group.entry.code for group in _model(MADE, SHOWN, GUESSED, links=(ROLE,)).groups]
    assert codes[0] == "PRO01"
    assert {group.severity for group in _model(MADE, links=(ROLE,)).groups} == {MADE.severity}


def test_every_form_tells_the_story_once() -> None:
    model = _model(MADE, SQL, links=(ROLE,))
    said = model.chains[0].text
    assert said.startswith("Any customer can make a role for staff their own with POST /register.")
    document = json.document(model)["chains"]
    assert isinstance(document, list)
    (chain,) = document
    assert isinstance(chain, dict)
    assert (chain["story"], chain["mend_first"], chain["severity"]) == ("role-then-staff", [MADE.id], "critical")
    for rendered in (html.render(model), markdown.render(model), " ".join(text.render(model).split())):
        assert rendered.count("and GET /admin/people then served us as your staff") == 1
    assert "/admin/people" in html.render(model).partition("The steps, for your developer")[2]


def test_no_story_is_told_where_nothing_joins_the_findings() -> None:
    model = _model(MADE, SHOWN, RESET, GUESSED, SQL, links=())
    assert model.chains == ()
    for rendered in (html.render(model), markdown.render(model), text.render(model)):
        assert "What these open together" not in rendered
