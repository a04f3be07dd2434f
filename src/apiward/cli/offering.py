"""After a scan of the API itself: rules at the guard that are not needed any more, as the API holds without."""

from collections.abc import Sequence
from pathlib import Path

from apiward.app.patching.cases import Rule
from apiward.app.patching.filing import standing_rules
from apiward.app.patching.needing import not_needed
from apiward.app.patching.reading import UnreadableFindingError, read_finding
from apiward.cli.state import State
from apiward.core.finding import Finding
from apiward.core.scan_report import ScanReport


def needless_rules(config: str, report: ScanReport, state: State) -> tuple[Rule, ...]:
    """Return the rules beside the settings file `config` whose findings a scan of their API shows to be fixed."""
    base = Path(config).resolve().parent if config else Path.cwd()
    rules = standing_rules(base)
    ids = dict.fromkeys(one for rule in rules for one in rule.findings)
    return not_needed(rules, kept_findings(ids, report.target, state), report)


def kept_findings(ids: "Sequence[str] | dict[str, None]", target: str, state: State) -> tuple[Finding, ...]:
    """Return findings of an API by their ids, as far as scans with them are kept."""
    found = []
    for id_ in ids:
        pair = state.find(id_)
        if pair is not None and pair[0].target == target:
            try:
                found.append(read_finding(pair[1]))
            except UnreadableFindingError:
                continue
    return tuple(found)


def needless(rules: Sequence[Rule]) -> str:
    """Return what to tell of rules that are not needed any more."""
    ids = " ".join(rule.id for rule in rules)
    many = "1 rule is" if len(rules) == 1 else f"{len(rules)} rules are"
    return f"{many} not needed any more, as the API holds without: apiward patch remove {ids}"
