import pytest

from apiward.prove import annotations as module
from apiward.prove.annotations import annotations
from apiward.prove.model import build_model
from tests.prove.sample import CATALOGUE, finding, hostile_report, report

HIGH, NOTE = finding(), finding("CFG03", operation="the whole API")


def test_what_fails_is_an_error_and_comes_first() -> None:
    model = build_model(report([NOTE, HIGH]), CATALOGUE)
    error, warning = annotations(model, {HIGH.id})
    assert error.startswith("::error title=OBJ01 high%2C proved::Customers can read what belongs to others: GET /notes")
    assert error.endswith("See: apiward explain OBJ01")
    assert warning.startswith("::warning title=CFG03 note%2C proved::")
    assert all(line.startswith("::warning ") for line in annotations(model, ()))


def test_too_little_checked_is_an_error() -> None:
    (line,) = annotations(build_model(report(answered=()), CATALOGUE), ())
    assert line == "::error title=apiward::Too little could be checked. See the report."


def test_text_of_the_target_commands_nothing() -> None:
    model = build_model(hostile_report(), CATALOGUE)
    lines = list(annotations(model, ()))
    assert len(lines) == len(model.groups)
    for line in lines:
        assert line.isprintable()
        assert line.count("::") >= 2
        assert line.startswith(("::error title=", "::warning title="))
        assert not set("%\r\n") & set(line.replace("%25", "").replace("%0A", "").replace("%2C", "").replace("%3A", ""))


def test_no_more_than_github_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    model = build_model(report([NOTE, HIGH, finding("CFG01", operation="GET /x")]), CATALOGUE)
    assert [line.split(" ")[0] for line in annotations(model, {HIGH.id})] == ["::error", "::warning"]
