from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.guarding.rules_in_use import tell_rules
from apiward.app.standing.holding import guard_state, held_findings
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode
from apiward.prove.standing import GuardState
from tests.app.standing.made import NOW_S

PATCH = '[[patch]]\nid = "p1"\nkind = "method-off"\noperation = "GET /a"\nfinding = "aaaa, bbbb"\nexpires = "{}"\n'
OBJECT = '[[object]]\nid = "note"\noperations = ["GET /notes/{{id}}"]\nmode = "{}"\nfinding = "cccc"\n'


@pytest.mark.parametrize(
    ("mode", "state"),
    [(Mode.ENFORCE, GuardState.ENFORCES), (Mode.WATCH, GuardState.WATCHES), (Mode.OFF, GuardState.ABSENT)],
)
def test_a_guard_that_runs_says_what_it_does(tmp_path: Path, mode: Mode, state: GuardState) -> None:
    assert guard_state(tmp_path) is GuardState.ABSENT
    tell_rules(tmp_path, "abc", mode)
    assert guard_state(tmp_path) is state


@pytest.mark.parametrize(
    ("rules", "config", "held"),
    [
        ("", GuardConfig(), {}),
        (PATCH.format("2099-01-31"), GuardConfig(), {"aaaa": ("p1",), "bbbb": ("p1",)}),
        (PATCH.format("2099-01-31"), GuardConfig(mode=Mode.WATCH), {"aaaa": ("p1",), "bbbb": ("p1",)}),
        (PATCH.format("2099-01-31"), GuardConfig(modes={"patches": "watch"}), {}),
        (PATCH.format("2026-01-31"), GuardConfig(), {}),
        (OBJECT.format("enforce"), GuardConfig(), {"cccc": ("note",)}),
        (OBJECT.format("shadow"), GuardConfig(), {}),
        ("[[patch]]\nodd = 1\n", GuardConfig(), {}),
    ],
)
def test_a_finding_is_held_by_rules_that_hold(
    tmp_path: Path, rules: str, config: GuardConfig, held: dict[str, tuple[str, ...]]
) -> None:
    (tmp_path / "apiward.rules.toml").write_text(rules)
    assert held_findings(Place(None, tmp_path, tmp_path), config, NOW_S) == held
