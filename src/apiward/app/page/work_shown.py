"""The page of work that was begun for a finding: how far it has come, or what came of it."""

from dataclasses import dataclass
from typing import Final

from apiward.app.page.risks import finding_of
from apiward.app.page.showing import moment, shown, shown_block
from apiward.app.page.source import PageSource
from apiward.app.page.works import Work, WorkKind
from apiward.catalogue.loading import load_catalogue
from apiward.core.kept_finding import KeptFinding

AGAIN_S: Final = 3
"""A page of what is under way asks again after so many seconds; work itself takes no longer than half an hour."""
_LAST: Final = 12
_CLEAR: Final = frozenset({0, 1, 3})


@dataclass(frozen=True, slots=True)
class WorkShown:
    """The page. `how` names what is said of it; `may_hold` that a rule was shown which can be tried now."""

    finding: str
    title: str
    operation: str
    kind: str
    how: str
    is_running: bool
    began: str
    ended: str
    lines: tuple[str, ...]
    told: str
    may_hold: bool

    @property
    def refresh(self) -> str:
        """After how many seconds a browser asks again; empty for never."""
        return str(AGAIN_S) if self.is_running else ""


def work_shown(source: PageSource, id_: str) -> WorkShown:
    """Return the page. Raises NotFoundError, AdvisedError, OSError."""
    finding = finding_of(source, id_)
    work = source.workshop.of(finding.id)
    if work is None:
        return _shown(finding, "", "none", is_running=False)
    how = _how(work)
    return _shown(
        finding,
        work.kind.value,
        how,
        is_running=work.ended_s is None,
        began=moment(work.began_s),
        ended=moment(work.ended_s) if work.code is not None else "",
        lines=tuple(shown(line) for line in work.talk.splitlines() if line.strip())[-_LAST:],
        told=shown_block(work.told).strip(),
        may_hold=how == "plan-0",
    )


def _shown(
    finding: KeptFinding,
    kind: str,
    how: str,
    *,
    is_running: bool,
    began: str = "",
    ended: str = "",
    lines: tuple[str, ...] = (),
    told: str = "",
    may_hold: bool = False,
) -> WorkShown:
    entry = load_catalogue().checks.get(finding.check)
    title = entry.title if entry else finding.check
    operation = shown(finding.operation)
    return WorkShown(finding.id, title, operation, kind, how, is_running, began, ended, lines, told, may_hold)


def _how(work: Work) -> str:
    """Return the name of what is said of it."""
    if work.ended_s is None:
        return f"{work.kind}-runs"
    if work.ended_by and work.code not in _CLEAR:
        return "stopped"
    if work.code is None:
        return "cut-off"
    if work.code not in _CLEAR:
        return "failed"
    if work.kind is WorkKind.PLAN:
        return "plan-0" if work.told.strip() else "plan-1"
    return f"{work.kind}-{work.code}"
