import re
from dataclasses import fields

import pytest

from apiward.access.settings import IssuerSettings
from apiward.catalogue.loading import load_catalogue
from apiward.catalogue.rules import load_rules
from apiward.cli.exits import ExitCode
from apiward.cli.main import PLACES
from apiward.config.guarding import GuardConfig
from apiward.config.scanning import ScanConfig
from apiward.guard.permission.rules import PermitSettings, RuleSettings
from apiward.guard.stage import StageName
from docs import generate
from tests.docs.pages import REFERENCE, ROOT


@pytest.mark.parametrize("name", list(generate.PAGES))
def test_a_page_of_reference_is_what_the_code_says(name: str) -> None:
    stands = (generate.FOLDER / name).read_text("utf-8")
    assert stands == generate.PAGES[name](), "run: python -m docs.generate"


def test_nothing_else_is_in_the_folder_of_generated_pages() -> None:
    assert {path.name for path in REFERENCE} == set(generate.PAGES)


def test_every_command_has_a_heading() -> None:
    text = (generate.FOLDER / "commands.md").read_text("utf-8")
    assert [name for name in PLACES if f"\n## apiward {name}\n" not in text] == []


def test_every_check_and_risk_is_on_the_page_of_checks() -> None:
    text = (generate.FOLDER / "checks.md").read_text("utf-8")
    catalogue = load_catalogue()
    assert [code for code in catalogue.checks if f"\n### {code}\n" not in text] == []
    assert [id_ for id_ in catalogue.risks if f"`{id_}`" not in text] == []


def test_every_setting_and_exit_code_is_on_a_page() -> None:
    settings = (generate.FOLDER / "configuration.md").read_text("utf-8")
    codes = (generate.FOLDER / "exit-codes.md").read_text("utf-8")
    assert [key for key in ScanConfig.__slots__ if f"| `{key}` |" not in settings] == []
    assert [code for code in ExitCode if f"| `{code.value}` | {code.meaning} |" not in codes] == []


def test_every_setting_of_the_guard_is_on_its_page_with_its_bounds() -> None:
    text = (generate.FOLDER / "guard-settings.md").read_text("utf-8")
    heads = re.findall(r"^## `(.+)`$", text, re.MULTILINE)
    tables = dict(zip(heads, re.split(r"^## .*$", text, flags=re.MULTILINE)[1:], strict=True))
    assert len(set(heads)) == len(heads)
    assert [name for name in StageName if f"[guard.{name}]" not in tables] == []
    kinds: dict[str, type[GuardConfig | IssuerSettings | PermitSettings | RuleSettings]] = {
        "[guard]": GuardConfig,
        "[[guard.issuers]]": IssuerSettings,
        "[guard.permit]": PermitSettings,
        "[[guard.permit.rules]]": RuleSettings,
    }
    for head, kind in kinds.items():
        assert re.findall(r"^\| `(\w+)` \|", tables[head], re.MULTILINE) == [field.name for field in fields(kind)]
    assert "| `workers` | a whole number from 1 to 64 | `1` | How many processes serve. |" in tables["[guard]"]


def test_every_stage_and_rule_of_the_guard_is_on_its_page() -> None:
    text = (generate.FOLDER / "guard-stages.md").read_text("utf-8")
    headed = re.findall(r"^## \d+\. (\w+)$", text, re.MULTILINE)
    assert headed == list(StageName)
    assert [rule for rule in load_rules().rules if f"\n| `{rule}` |" not in text] == []


def test_the_readme_says_every_exit_code() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("Exit codes:"))
    assert [int(number) for number in re.findall(r"\b\d+\b", line)] == [code.value for code in ExitCode]


def test_the_changelog_counts_the_checks() -> None:
    told = re.search(r"look for (\d+) kinds", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert told
    assert int(told[1]) == len(load_catalogue().checks)
