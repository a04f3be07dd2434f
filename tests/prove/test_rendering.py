import importlib
import pkgutil

import pytest

from apiward.prove import formats
from apiward.prove.model import build_model
from apiward.prove.rendering import FORMATS
from tests.prove.sample import CATALOGUE, full_report, hostile_report, report


def test_every_format_is_listed() -> None:
    files = {module.name for module in pkgutil.iter_modules(formats.__path__)}
    renders = {importlib.import_module(f"apiward.prove.formats.{name}").render for name in files}
    assert set(FORMATS.values()) == renders


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_the_gaps_and_what_was_left_behind(name: str) -> None:
    text = " ".join(FORMATS[name](build_model(full_report(), CATALOGUE)).split())
    assert "1 check run ended without a clear answer." in text
    assert "There is no admin account." in text
    assert "client 12, made with POST /clients" in text or name == "junit"


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_passes_on_hidden_or_steering_characters(name: str) -> None:
    text = FORMATS[name](build_model(hostile_report(), CATALOGUE))
    assert all(ch.isprintable() or ch == "\n" for ch in text)


@pytest.mark.parametrize("name", FORMATS)
def test_equal_reports_give_equal_text(name: str) -> None:
    first, second = (FORMATS[name](build_model(full_report(), CATALOGUE)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", FORMATS)
def test_a_scan_that_saw_nothing_never_reads_as_safe(name: str) -> None:
    text = " ".join(FORMATS[name](build_model(report(items=[], answered=()), CATALOGUE)).split())
    assert "Too little could be checked to say that your API is safe." in text
    assert "no problem" not in text
