"""Every stage is listed in its order, worded, and uses only rules that have words."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

import apiward
from apiward.catalogue.prose import Manner, prose_problems
from apiward.catalogue.rules import STAGES as NAMED
from apiward.catalogue.rules import Rule, StageEntry, load_rules
from apiward.config.guarding import GuardConfig
from apiward.core.settings import NoSettings
from apiward.guard.registry import STAGES, build_stages
from apiward.guard.stage import StageName
from tests.guard.calls import parts

SOURCE: Final = Path(apiward.__file__).parent
RULE: Final = re.compile(rf"(?:{'|'.join(NAMED)})\.[a-z]+(?:-[a-z0-9]+)*")
BOOK: Final = load_rules()
PLAIN: Final = Manner(longest=400, has_jargon=False, places=frozenset({"place"}))


def _used() -> set[str]:
    """Return the texts in the guard's source that have the form of a rule."""
    files = [*(SOURCE / "guard").rglob("*.py"), *(SOURCE / "access").rglob("*.py"), SOURCE / "net" / "middleware.py"]
    texts = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if RULE.fullmatch(text)}


def test_stages_are_listed_in_their_order() -> None:
    assert tuple(STAGES) == tuple(StageName)
    assert (*(name.value for name in StageName), "guard") == NAMED
    assert tuple(BOOK.stages) == NAMED


def test_stages_are_built_under_their_name() -> None:
    config = GuardConfig()
    settings = {name: NoSettings() if name is StageName.AUTHENTICATE else getattr(config, name) for name in StageName}
    assert [stage.name for stage in build_stages(settings, parts())] == list(StageName)


def test_rules_in_the_code_have_words() -> None:
    notes = {"guard.editor", "guard.records", "authenticate.log-in", "authenticate.signed-body"}
    assert _used() - set(BOOK.rules) - notes == set()


@pytest.mark.parametrize("rule", BOOK.rules.values(), ids=lambda rule: rule.id)
def test_words_for_people_are_plain(rule: Rule) -> None:
    for field in ("title", "detail", "owner"):
        text = getattr(rule, field)
        assert list(prose_problems(text, PLAIN)) == [], f"{field}: {text}"


@pytest.mark.parametrize("stage", BOOK.stages.values(), ids=lambda stage: stage.name)
def test_each_stage_says_what_it_can_and_cannot(stage: StageEntry) -> None:
    manner = Manner(longest=1_200, has_jargon=True)
    assert list(prose_problems(stage.can, manner)) == []
    assert list(prose_problems(stage.cannot, manner)) == []
