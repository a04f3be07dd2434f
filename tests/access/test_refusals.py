"""Every refusal in the code has its words in the catalogue, and no words are left over."""

import re
from importlib import resources
from pathlib import Path

import pytest

from apiward.access.refusals import refused, shown
from apiward.catalogue.prose import Manner, prose_problems
from apiward.catalogue.rules import Rule, read_rules

TEXT = resources.files("apiward.catalogue").joinpath("rules", "authenticate.toml").read_text("utf-8")
RULES = read_rules(TEXT, stage="authenticate")[1]
SOURCE = Path(__file__).parents[2] / "src" / "apiward" / "access"
STAGE = SOURCE.parent / "guard" / "stages" / "authenticate.py"
"""It refuses whom the owner has shut out, whatever they show."""


def used() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    return {f"authenticate.{name}" for name in re.findall(r'refused\(\s*"([a-z-]+)"', text)}


def used_by_stage() -> set[str]:
    return set(re.findall(r'"(authenticate\.[a-z-]+)"', STAGE.read_text("utf-8")))


def test_rules_and_words_belong_together() -> None:
    assert used() | used_by_stage() == set(RULES)


@pytest.mark.parametrize("entry", RULES.values(), ids=lambda entry: entry.id)
def test_words_are_plain(entry: Rule) -> None:
    for text, longest in ((entry.title, 60), (entry.detail, 160), (entry.owner, 200)):
        assert list(prose_problems(text, Manner(longest, places=frozenset({"place"})))) == []


@pytest.mark.parametrize("entry", [RULES[name] for name in sorted(used())], ids=lambda entry: entry.id)
def test_only_refusals_with_401_carry_a_challenge(entry: Rule) -> None:
    assert entry.status in (400, 401, 403, 503)
    assert bool(refused(entry.id.removeprefix("authenticate.")).headers) == (entry.status == 401)


def test_what_is_shown_to_the_owner_is_short_and_printable() -> None:
    assert shown("a\nb\x1b[31m\u202e") == "a?b?[31m?"
    assert shown("x" * 1_000) == "x" * 59 + "…"
    assert shown(None) == "None"
