"""The week as a message: made from what is kept, and sent on the channels that the owner has set."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.incidents.channels import Channel, open_channels
from apiward.app.recording.opening import Store, told
from apiward.app.reporting.making import report_of
from apiward.app.standing.gathering import gather
from apiward.catalogue.texts import load_texts
from apiward.config.errors import AdvisedError
from apiward.config.notifying import NotifyConfig
from apiward.core.finding import Severity
from apiward.core.notice import Notice, NoticeKind, NotToldError
from apiward.net.sender import HttpSender
from apiward.prove.reports.model import FILE, ReportKind, StandingReport
from apiward.prove.reports.text import paragraphs
from apiward.prove.reports.week import WEEK_S, Asked, week_lines
from apiward.prove.standing import Treatment
from apiward.stores.events.reading import EventReader
from apiward.stores.watching.headlines import Headlines

LONGEST: Final = 700


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the message: which channels took it, and why others did not."""

    taken: tuple[str, ...]
    refused: Mapping[str, str]


def weekly_notice(store: Store, place: Place, now_s: float, *, target: str = "", link: str = "") -> Notice:
    """Return the week as a message; the same week has the same id. Raises AdvisedError."""
    gathered = gather(store, place, now_s, target=target)
    report = report_of(gathered, kind=ReportKind.SUMMARY, settings=place.file)
    with told("be read"):
        counts = EventReader(store.engine).outcomes(since=now_s - WEEK_S, until=now_s)
        begun = Headlines(store.engine).begun(now_s - WEEK_S)
    requests = sum(counts.values())
    asked = Asked(requests, counts.get("refused", 0)) if requests else None
    week = week_lines(gathered, asked, begun)
    grade, state, *rest = paragraphs(report)
    lines = tuple(line[:LONGEST] for line in (grade, state, *week, *rest))
    year, number, _ = datetime.fromtimestamp(now_s, UTC).isocalendar()
    return Notice(
        f"week.{year}-{number:02}", "week", NoticeKind.DIGEST, _severity(report), _title(report), lines, now_s, link
    )


def send_notice(notice: Notice, config: NotifyConfig, base: Path) -> Sent:
    """Send a message on all channels but those of last resort. Raises AdvisedError where there is none."""
    usual = replace(config, channels=tuple(one for one in config.channels if not one.is_last_resort))

    async def run() -> Sent:
        async with HttpSender(clock=time.time) as sender:
            return await tell_all(notice, open_channels(usual, sender, base, clock=time.time))

    if not usual.channels:
        raise AdvisedError("There is no channel to send it on.", "", "Add one as [[notify.channels]].")
    return asyncio.run(run())


async def tell_all(notice: Notice, channels: Sequence[Channel]) -> Sent:
    """Send a message on each channel; one that fails stops no other."""
    taken: list[str] = []
    refused: dict[str, str] = {}
    for channel in channels:
        name = channel.rule.name
        try:
            await channel.sender.send(replace(notice, id=f"{notice.id}.{name}"))
        except NotToldError as error:
            refused[name] = error.why
        else:
            taken.append(name)
    return Sent(tuple(taken), refused)


def _title(report: StandingReport) -> str:
    said, letter = load_texts(FILE).said, report.told.letter
    grade = said("head.grade", letter=letter) if letter else said("head.no-grade")
    return said("week.title", grade=_small(grade), headline=_small(report.headline).rstrip("."))


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _severity(report: StandingReport) -> Severity:
    return max((one.severity for one in report.of(Treatment.OPEN)), default=Severity.NOTE)
