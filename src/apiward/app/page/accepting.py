"""Accepts findings with a reason and a day on which that ends, as `apiward findings accept` does."""

from typing import Final

from apiward.app.page.source import PageSource
from apiward.app.recording.accepting import FindingDesk
from apiward.app.standing.accepting import accepted_file, read_accepted
from apiward.config.errors import AdvisedError
from apiward.core.kept_finding import KeptFinding

MOST_DAYS: Final = 365
_DAY_S: Final = 86_400.0


def accept(source: PageSource, finding: KeptFinding, *, reason: str, days: int) -> None:
    """Accept a finding for some days. Raises AdvisedError, OSError."""
    if not 1 <= days <= MOST_DAYS:
        raise AdvisedError("It was not accepted.", f"It can be for 1 to {MOST_DAYS} days.", "Choose another day.")
    desk(source).accept(finding.id, reason=reason, until_s=source.clock() + days * _DAY_S, target=finding.target)


def count_again(source: PageSource, finding: KeptFinding) -> None:
    """Let an accepted finding count again. Raises AdvisedError, OSError."""
    is_ours = finding.id in desk(source).accepted_now(finding.target)
    if not is_ours and any(one.id == finding.id for one in read_accepted(source.place).accepted):
        name = accepted_file(source.place).name
        raise AdvisedError("Nothing was changed.", f"It is accepted in the file {name}.", "Take it out of that file.")
    desk(source).take_back(finding.id, target=finding.target)


def desk(source: PageSource) -> FindingDesk:
    """Return what works on the findings of the store."""
    return FindingDesk(source.store(), now=source.clock, by=source.by)
