from dataclasses import replace

from apiward.catalogue.loading import load_catalogue
from apiward.core.finding import Finding
from apiward.prove.formats import html, json, markdown, text
from apiward.prove.model import build_model
from apiward.prove.same_places import same_places
from tests.prove.sample import finding, report

CHECKS = load_catalogue().checks


def _found(check: str, operation: str, place: str = "") -> Finding:
    return replace(finding("OBJ01", operation, severity=CHECKS[check].severity, place=place), check=check)


NOTES = (
    _found("OBJ01", "GET /notes/{id}"),
    _found("OBJ02", "PUT /notes/{id}", "path"),
    _found("OBJ04", "DELETE /notes/{id}", "path"),
)
PAGE = (_found("INJ06", "GET /search", "query q"), _found("CFG11", "GET /search", "query q"))


def test_a_look_at_the_owner_that_is_missing_for_a_thing_is_one_slip() -> None:
    others = same_places([*NOTES, _found("OBJ01", "GET /orders/{id}")], CHECKS)
    assert others == {"OBJ01": ("OBJ02", "OBJ04"), "OBJ02": ("OBJ01", "OBJ04"), "OBJ04": ("OBJ01", "OBJ02")}


def test_the_same_value_of_one_operation_is_one_slip() -> None:
    assert same_places(PAGE, CHECKS) == {"INJ06": ("CFG11",), "CFG11": ("INJ06",)}


def test_what_only_stands_near_is_not() -> None:
    near = (
        _found("OBJ01", "GET /notes/{id}"),
        _found("OBJ02", "PUT /orders/{id}"),
        _found("FUN02", "DELETE /notes/{id}"),
        _found("INJ06", "GET /search", "query q"),
        _found("CFG11", "GET /search", "query sort"),
        _found("INJ01", "POST /search", "query q"),
        _found("INV01", "GET /debug", "/debug"),
        _found("CFG07", "GET /debug", "/debug"),
        _found("CFG02", "GET /about"),
        _found("CFG09", "GET /about"),
    )
    assert same_places(near, CHECKS) == {}


def test_every_form_says_so() -> None:
    model = build_model(report(NOTES), load_catalogue())
    assert next(group.beside for group in model.groups) == ("OBJ02", "OBJ04")
    for rendered in (markdown.render(model), " ".join(text.render(model).split())):
        assert rendered.count("in the same place: very likely one slip") == 3
    assert html.render(model).count("very likely one slip") == 3
    assert '"beside": [\n        "OBJ02",\n        "OBJ04"\n      ]' in json.render(model)
