import tomllib
from pathlib import Path

import pytest

from apiward.catalogue.page import load_page_words
from apiward.cli.first_questions import first_settings, settings_text
from apiward.config.business import load_business
from apiward.config.errors import AdvisedError
from apiward.config.guarding import load_guard
from apiward.config.notifying import load_notify
from apiward.config.scanning import load_config
from apiward.core.decision import Mode

WORDS = load_page_words()
ANSWERS = {
    "upstream": "localhost:8000",
    "listen": "127.0.0.1:9090",
    "description": "openapi.yaml",
    "business": "Calm Coaching",
    "countries": "de, us-ca",
    "data": "Personal, gossip, health",
    "topic": "calm-coaching",
}


def test_seven_answers_become_settings_that_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = []

    def ask(question: str, _: str) -> str:
        asked.append(question)
        return next(answer for name, answer in ANSWERS.items() if WORDS.said(f"first.{name}") == question)

    path = tmp_path / "apiward.toml"
    first_settings(path, "", is_asked=True, ask=ask)
    assert len(asked) == 7
    guard = load_guard(path)
    assert (guard.upstream, guard.listen, guard.description) == (
        "http://localhost:8000", "127.0.0.1:9090", "openapi.yaml"
    )  # fmt: skip
    assert guard.mode is Mode.WATCH
    business = load_business(path)
    assert (business.name, business.countries, business.data) == (
        "Calm Coaching",
        ("DE", "US-CA"),
        ("personal", "health"),
    )
    assert [one.to for one in load_notify(path).channels] == [("calm-coaching",)]
    scan = load_config(path)
    assert (scan.url, (tmp_path / scan.baseline).exists()) == ("http://localhost:8000", True)
    assert "These answers are in" in capsys.readouterr().err
    with pytest.raises(AdvisedError, match="cannot be written"):
        first_settings(path, "", is_asked=False)


def test_no_question_must_be_answered_and_what_cannot_be_used_is_left_out() -> None:
    assert "upstream" not in settings_text("", lambda _, usual: usual)
    odd = tomllib.loads(settings_text("", lambda *_: "!? ://"))
    assert odd["guard"] == {"mode": "watch"}
    assert "countries" not in odd["business"]
    odd = tomllib.loads(settings_text("http://localhost:8000", lambda *_: "not usable at all"))
    assert "listen" not in odd["guard"]
    assert odd["scan"]["url"] == "http://localhost:8000"
