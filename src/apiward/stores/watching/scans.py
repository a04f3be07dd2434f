"""What scans found, kept from one to the next: APIs with their operations, findings with their history."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from apiward.core.finding import Finding, Severity
from apiward.core.kept_finding import FindingMoment, FindingState, FindingTurn, KeptFinding
from apiward.core.kept_scan import KeptScan
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Confidence, Outcome
from apiward.stores.record.watch_tables import APIS, FINDING_MOMENTS, FINDINGS, OPERATIONS
from apiward.stores.watching.reaching import Reach
from apiward.stores.watching.scan_summaries import keep_summary, read_summaries, read_targets
from apiward.stores.watching.texts import LONG, kept_text, row_id
from apiward.stores.watching.upserting import Values, add_missing, found_by_id, put

MOST: Final = 10_000
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Noted:
    """Ids of findings by what the scan said of them. `unsure` were there before and could not be looked at."""

    new: tuple[str, ...] = ()
    still_there: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    came_back: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


class ScanStore:
    """Keeps findings in the database of the events. Raises StoreError, which is an OSError."""

    def __init__(self, engine: Engine) -> None:
        self._reach = Reach(engine)

    def note(self, report: ScanReport, *, is_narrow: bool = False) -> Noted:
        """Keep what a scan found, in one transaction; the same report again changes nothing.

        `is_narrow` says that somebody had chosen parts of it: it does not tell how far scans come.
        """
        api, at_s = row_id(report.target), report.started_at.timestamp()
        scan = row_id(api, at_s, report.request_count)
        with self._reach.writing() as connection:
            known = _known(connection, api)
            if any(row["scan"] == scan for row in _moments(connection, known)):
                return Noted()
            _keep_api(connection, api, report, at_s)
            keep_summary(connection, api, report, is_narrow=is_narrow)
            turns = _turns(report, known)
            for id_, (kind, row) in turns.items():
                put(connection, FINDINGS, row)
                moment = {"finding": id_, "scan": scan, "at_s": at_s, "kind": kind.value, "severity": row["severity"]}
                put(connection, FINDING_MOMENTS, {**moment, "id": row_id(id_, scan)})
        said = {kind: _ids(row for one, row in turns.values() if one is kind) for kind in FindingTurn}
        left = [row for id_, row in known.items() if id_ not in turns and row["state"] == FindingState.OPEN.value]
        return Noted(
            new=said[FindingTurn.NEW],
            still_there=said[FindingTurn.STILL_THERE],
            fixed=said[FindingTurn.FIXED],
            came_back=said[FindingTurn.CAME_BACK],
            unsure=_ids(left),
        )

    def scans(self, target: str) -> list[KeptScan]:
        """Return how far the scans of one API came, the newest first."""
        with self._reach.reading() as connection:
            return read_summaries(connection, target)

    def targets(self) -> list[str]:
        """Return where the APIs answer that were scanned, the last scanned first."""
        with self._reach.reading() as connection:
            return read_targets(connection)

    def findings(
        self,
        *,
        target: str = "",
        states: Collection[FindingState] = (),
        turns: Collection[FindingTurn] = (),
        limit: int = 1_000,
    ) -> list[KeptFinding]:
        """Return findings with their history, the worst first; of one API where it is named.

        `turns` says what of their history is wanted, all if empty: each scan adds one that says "still there".
        """
        table = FINDINGS.c
        query = select(FINDINGS, APIS.c.target).join(APIS, APIS.c.id == table.api)
        if target:
            query = query.where(table.api == row_id(target))
        if states:
            query = query.where(table.state.in_(sorted(states)))
        ordered = query.order_by(table.severity.desc(), table.first_s, table.seq).limit(min(limit, MOST))
        with self._reach.reading() as connection:
            rows = connection.execute(ordered).mappings().all()
            histories: dict[str, list[FindingMoment]] = {}
            for moment in _moments(connection, [str(row["id"]) for row in rows], turns):
                histories.setdefault(str(moment["finding"]), []).append(_moment(moment))
        return [finding_of(row, tuple(histories.get(str(row["id"]), ()))) for row in rows]


def _ids(rows: Iterable[Values]) -> tuple[str, ...]:
    return tuple(str(row["finding"]) for row in rows)


def finding_of(row: Values, history: tuple[FindingMoment, ...] = ()) -> KeptFinding:
    """Return the finding of a row of `findings` with its `target`."""
    return KeptFinding(
        target=row["target"],
        id=row["finding"],
        check=row["check_id"],
        operation=row["operation"],
        place=row["place"],
        severity=Severity(row["severity"]),
        confidence=Confidence(row["confidence"]),
        saw=row["saw"],
        state=FindingState(row["state"]),
        first_s=row["first_s"],
        last_s=row["last_s"],
        fixed_s=row["fixed_s"],
        times=row["times"],
        history=history,
    )


def _known(connection: Connection, api: str) -> dict[str, Values]:
    rows = connection.execute(select(FINDINGS).where(FINDINGS.c.api == api)).mappings()
    return {str(row["id"]): row for row in rows}


def _moments(connection: Connection, findings: Iterable[str], turns: Collection[FindingTurn] = ()) -> list[Values]:
    ids, table = list(findings), FINDING_MOMENTS.c
    found: list[Values] = []
    for start in range(0, len(ids), _PAGE):
        some = select(FINDING_MOMENTS).where(table.finding.in_(ids[start : start + _PAGE]))
        if turns:
            some = some.where(table.kind.in_(sorted(turns)))
        found += connection.execute(some.order_by(table.at_s, table.seq)).mappings().all()
    return found


def _keep_api(connection: Connection, api: str, report: ScanReport, at_s: float) -> None:
    before = found_by_id(connection, APIS, [api]).get(api)
    row = {
        "id": api,
        "target": kept_text(report.target, LONG),
        "title": kept_text(report.api_title),
        "source": kept_text(report.api_source, LONG),
        "first_s": before["first_s"] if before else at_s,
        "last_s": at_s,
    }
    put(connection, APIS, row)
    asked, answered = set(report.operations_asked), set(report.operations_answered)
    rows = {row_id(api, operation): operation for operation in report.operations}
    known = found_by_id(connection, OPERATIONS, list(rows))
    fresh = [_operation_row(id_, api, operation, at_s) for id_, operation in rows.items() if id_ not in known]
    add_missing(connection, OPERATIONS, fresh)
    for id_, operation in rows.items():
        seen = {"last_s": at_s}
        seen |= {name: at_s for name, those in (("asked_s", asked), ("answered_s", answered)) if operation in those}
        connection.execute(OPERATIONS.update().where(OPERATIONS.c.id == id_).values(**seen))


def _operation_row(id_: str, api: str, operation: str, at_s: float) -> Values:
    return {"id": id_, "api": api, "operation": kept_text(operation), "first_s": at_s, "last_s": at_s}


def _turns(report: ScanReport, known: Mapping[str, Values]) -> dict[str, tuple[FindingTurn, dict[str, Any]]]:
    """Return what the scan says of each finding, and its row from now on."""
    api, at_s = row_id(report.target), report.started_at.timestamp()
    turns: dict[str, tuple[FindingTurn, dict[str, Any]]] = {}
    for finding in report.findings:
        id_ = row_id(api, finding.id)
        turns[id_] = _seen(finding, known.get(id_), {"id": id_, "api": api}, at_s)
    holds = {(kept_text(one.check), kept_text(one.operation)) for one in report.items if one.outcome is Outcome.HOLDS}
    for id_, row in known.items():
        is_open = row["state"] == FindingState.OPEN.value
        if id_ not in turns and is_open and (row["check_id"], row["operation"]) in holds:
            fixed = {name: value for name, value in row.items() if name != "seq"}
            turns[id_] = FindingTurn.FIXED, {**fixed, "state": FindingState.FIXED.value, "fixed_s": at_s}
    return turns


def _seen(
    finding: Finding, before: Values | None, names: Mapping[str, str], at_s: float
) -> tuple[FindingTurn, dict[str, Any]]:
    turn = FindingTurn.NEW
    if before is not None:
        is_open = before["state"] == FindingState.OPEN.value
        turn = FindingTurn.STILL_THERE if is_open else FindingTurn.CAME_BACK
    return turn, {
        **names,
        "finding": finding.id,
        "check_id": kept_text(finding.check),
        "operation": kept_text(finding.operation),
        "place": kept_text(finding.place),
        "severity": int(finding.severity),
        "confidence": finding.confidence.value,
        "saw": kept_text(finding.saw, LONG),
        "state": FindingState.OPEN.value,
        "first_s": before["first_s"] if before else at_s,
        "last_s": at_s,
        "fixed_s": None,
        "times": before["times"] + 1 if before else 1,
    }


def _moment(row: Values) -> FindingMoment:
    return FindingMoment(row["at_s"], FindingTurn(row["kind"]), row["scan"], Severity(row["severity"]))
