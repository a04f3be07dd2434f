"""What is told of a scan to those beside it: the guard of the API, the store of findings, the rules that hold them."""

import time
from collections.abc import Mapping

from apiward.cli.handing import tell_running_guard
from apiward.cli.noting import note_findings
from apiward.cli.offering import needless, needless_rules
from apiward.cli.speaking import say
from apiward.cli.state import State
from apiward.core.scan_report import ScanReport


def tell_company(
    given: Mapping[str, object], config_path: str, report: ScanReport, state: State, *, is_narrow: bool
) -> None:
    """Tell them; `is_narrow`: parts were chosen. Raises AdvisedError where a store that was named cannot be had."""
    tell_running_guard(config_path, state, time.time())
    note_findings(given, report, is_narrow=is_narrow)
    if rules := needless_rules(config_path, report, state):
        say(needless(rules))
