import re
from importlib import resources
from pathlib import Path

import pytest

import apiward.guard
from apiward.catalogue.rules import read_rules

SOURCE = Path(apiward.guard.__path__[0])
FOLDERS = {"protocol": "wire", "origin": "origins", "flood": "stages"}


@pytest.mark.parametrize("stage", list(FOLDERS))
def test_every_rule_has_its_words_and_every_word_its_rule(stage: str) -> None:
    text = resources.files("apiward.catalogue").joinpath("rules", f"{stage}.toml").read_text("utf-8")
    _, rules = read_rules(text, stage=stage)
    files = [*(SOURCE / FOLDERS[stage]).glob("*.py"), SOURCE / "stages" / f"{stage}.py"]
    used = {name for file in files for name in re.findall(rf'"({stage}\.[a-z0-9-]+)"', file.read_text("utf-8"))}
    assert used == set(rules)
