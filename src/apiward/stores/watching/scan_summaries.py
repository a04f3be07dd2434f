"""How far scans came, kept as evidence beside their findings: dated, with a digest, and with a day on which it ends."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from apiward.core.kept_scan import CheckTally, KeptLink, KeptReason, KeptScan
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome
from apiward.stores.record.watch_tables import APIS, EVIDENCE
from apiward.stores.watching.texts import LONG, kept_text, row_id
from apiward.stores.watching.upserting import add_missing

KIND: Final = "scan"
KEPT_S: Final = 400 * 86_400.0
MOST_OPERATIONS: Final = 5_000
MOST_REASONS: Final = 50
MOST_LIMITS: Final = 20
MOST_LINKS: Final = 200
MOST_SCANS: Final = 100
_DECIDED: Final = frozenset({Outcome.HOLDS, Outcome.BROKEN})


def keep_summary(connection: Connection, api: str, report: ScanReport, *, is_narrow: bool) -> None:
    """Keep how far a scan came; the same report again changes nothing."""
    scan = summary_of(report, is_narrow=is_narrow)
    body = msgspec.json.encode(scan)
    row = {
        "id": f"{KIND}.{row_id(api, scan.at_s, report.request_count)}",
        "subject": _subject(api),
        "kind": KIND,
        "at_s": scan.at_s,
        "title": kept_text(f"Scan of {report.target}"),
        "digest": hashlib.sha256(body).hexdigest(),
        "body": body,
        "until_s": scan.at_s + KEPT_S,
    }
    add_missing(connection, EVIDENCE, [row])


def read_summaries(connection: Connection, target: str) -> list[KeptScan]:
    """Return the scans of one API, the newest first; what another version wrote and cannot be read is left out."""
    table = EVIDENCE.c
    query = select(table.body).where(table.subject == _subject(row_id(target)), table.kind == KIND)
    rows = connection.execute(query.order_by(table.at_s.desc(), table.seq.desc()).limit(MOST_SCANS)).all()
    return [scan for row in rows if (scan := _read(bytes(row.body))) is not None]


def read_targets(connection: Connection) -> list[str]:
    """Return where the APIs answer that were scanned, the last scanned first."""
    query = select(APIS.c.target).order_by(APIS.c.last_s.desc(), APIS.c.seq.desc()).limit(MOST_SCANS)
    return [str(target) for (target,) in connection.execute(query)]


def summary_of(report: ScanReport, *, is_narrow: bool) -> KeptScan:
    """Return what is kept of a report."""
    described = set(report.operations[:MOST_OPERATIONS])
    return KeptScan(
        target=kept_text(report.target, LONG),
        at_s=report.started_at.timestamp(),
        title=kept_text(report.api_title),
        level=report.level,
        is_whole=not (is_narrow or report.was_interrupted or report.was_cut_short),
        operations=_texts(report.operations),
        answered=_texts(one for one in report.operations_answered if one in described),
        left_alone=len(report.left_alone),
        requests=report.request_count,
        duration_s=report.duration_s,
        accounts=sum(one.is_logged_in for one in report.accounts),
        accounts_tried=len(report.accounts),
        checks=_tallies(report),
        reasons=_reasons(report),
        limits=tuple(kept_text(f"{one.what} {one.cost}") for one in report.limits[:MOST_LIMITS]),
        links=tuple(
            KeptLink(one.story, one.first, one.then, kept_text(one.leads_to)) for one in report.links[:MOST_LINKS]
        ),
    )


def _subject(api: str) -> str:
    return f"scan:{api}"


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(kept_text(text) for _, text in zip(range(MOST_OPERATIONS), texts, strict=False))


def _tallies(report: ScanReport) -> tuple[CheckTally, ...]:
    counts: dict[str, Counter[Outcome]] = {}
    for item in report.items:
        counts.setdefault(item.check, Counter())[item.outcome] += 1
    return tuple(
        CheckTally(
            kept_text(check),
            count[Outcome.HOLDS],
            count[Outcome.BROKEN],
            count[Outcome.UNSURE],
            count[Outcome.NOT_RUN],
        )
        for check, count in sorted(counts.items())
    )


def _reasons(report: ScanReport) -> tuple[KeptReason, ...]:
    undecided = (one for one in report.items if one.outcome not in _DECIDED)
    counts = Counter((one.saw, one.outcome is Outcome.UNSURE) for one in undecided)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(KeptReason(kept_text(why), runs, is_run) for (why, is_run), runs in ordered[:MOST_REASONS])


def _read(body: bytes) -> KeptScan | None:
    try:
        return msgspec.json.decode(body, type=KeptScan)
    except (msgspec.MsgspecError, RecursionError):
        return None
