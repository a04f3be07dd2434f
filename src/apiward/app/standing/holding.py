"""Which findings rules hold shut at a guard, and whether a guard runs that keeps them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.guarding.rules_in_use import modes_in_use
from apiward.app.patching.filing import standing_rules
from apiward.app.patching.standing import has_ended
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import load_rules_file
from apiward.core.decision import Mode
from apiward.core.objects import ObjectMode
from apiward.guard.stage import StageName
from apiward.prove.standing import GuardState

_STAGES: Final = {"patch": StageName.PATCHES, "object": StageName.OBJECTS}


def guard_state(data: Path) -> GuardState:
    """Return whether a guard of this machine runs with its data there, and whether it refuses."""
    modes = modes_in_use(data)
    if not modes or all(mode is Mode.OFF for mode in modes):
        return GuardState.ABSENT
    return GuardState.ENFORCES if all(mode is Mode.ENFORCE for mode in modes) else GuardState.WATCHES


def held_findings(place: Place, config: GuardConfig, now_s: float) -> Mapping[str, tuple[str, ...]]:
    """Return the ids of the rules that hold each finding: rules that have not ended, of stages that refuse."""
    try:
        policy = load_rules_file(place.base).applied(config).policy
    except AdvisedError:
        return {}  # a guard would not take these rules
    modes = dict(zip(StageName, policy.modes_for("", ""), strict=True))
    held: dict[str, tuple[str, ...]] = {}
    for rule in standing_rules(place.base):
        is_watching = rule.table == "object" and rule.values.get("mode") != ObjectMode.ENFORCE.value
        if is_watching or modes[_STAGES[rule.table]] is not Mode.ENFORCE:
            continue
        if has_ended(rule, now_s):
            continue
        for finding in rule.findings:
            held[finding] = (*held.get(finding, ()), rule.id)
    return held
