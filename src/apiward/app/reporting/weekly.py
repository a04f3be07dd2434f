"""Sends the week in a few lines once a week, on Monday morning, while `apiward up` runs."""

import os
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from apiward.app.guarding.place import Place
from apiward.app.recording.opening import Store
from apiward.app.reporting.digest import Sent, send_notice, weekly_notice
from apiward.config.notifying import NotifyConfig
from apiward.core.notice import Notice
from apiward.stores.private import give_to_owner

FROM_S: Final = 7 * 3_600.0
"""So long after midnight a new week begins to be told."""
_NAME: Final = "weekly"


def send_if_due(
    store: Store,
    place: Place,
    config: NotifyConfig,
    now_s: float,
    *,
    send: Callable[[Notice, NotifyConfig, Path], Sent] = send_notice,
) -> Sent | None:
    """Send it where a week has begun since it was sent last; the first one after a whole week.

    Where no channel took it, it stays due. Raises AdvisedError, OSError.
    """
    week, noted = _week(now_s, config.zone), _noted(place.data)
    if noted == week or not config.weekly:
        return None
    if not noted or not any(not one.is_last_resort for one in config.channels):
        _note(place.data, week)
        return None
    sent = send(weekly_notice(store, place, now_s, link=config.link), config, place.base)
    if sent.taken:
        _note(place.data, week)
    return sent


def _week(now_s: float, zone: tzinfo) -> str:
    year, number, _ = datetime.fromtimestamp(now_s - FROM_S, zone).isocalendar()
    return f"{year}-{number:02}"


def _noted(data: Path) -> str:
    try:
        return (data / _NAME).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _note(data: Path, week: str) -> None:
    path = data / _NAME
    fresh = path.with_name(f".{_NAME}.{os.getpid()}")
    fresh.write_text(week, "ascii")
    fresh.replace(path)
    give_to_owner(path, data)
