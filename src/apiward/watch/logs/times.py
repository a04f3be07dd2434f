"""Times of logs in seconds since the epoch. Lines of one second share their time, so the last ones are remembered."""

from datetime import UTC, datetime
from typing import Final

_MONTHS: Final = {name: at for at, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_MOST_KEPT: Final = 4_096
_LATEST_S: Final = 253_402_300_799.0
_MILLIS: Final = 1e11
"""From here on a number of seconds would be in the year 5138: it is milliseconds. The same again for microseconds."""


class Times:
    """Reads times as texts; `zone_s` is the zone of those that name none, in seconds east of UTC."""

    def __init__(self, zone_s: float = 0.0) -> None:
        self._zone_s = zone_s
        self.known_clf: dict[str, float | None] = {}
        self._days: dict[str, float | None] = {}
        self._iso: dict[str, float | None] = {}

    def clf(self, text: str) -> float | None:
        """Return the time of `30/Nov/2026:13:34:15 +0000`, also with milliseconds and without a zone."""
        found = self.known_clf.get(text, -1.0)
        if found == -1.0:
            found = self._clf_read(text)
            _keep(self.known_clf, text, found)
        return found

    def _clf_read(self, text: str) -> float | None:
        day = text[:11] + text[20:].lstrip(".0123456789")
        start = self._days.get(day, -1.0)
        if start == -1.0:
            start = _midnight(day, self._zone_s)
            _keep(self._days, day, start)
        if start is None or text[11:12] != ":":
            return None
        try:
            hour, minute, second = int(text[12:14]), int(text[15:17]), int(text[18:20])
            part = text[20:].partition(" ")[0]
            fraction = float(f"0{part}") if part[:1] == "." else 0.0
        except ValueError:
            return None
        is_there = 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 61
        return start + hour * 3_600 + minute * 60 + second + fraction if is_there else None

    def iso(self, text: str) -> float | None:
        """Return the time of `2026-11-30T13:34:15Z`, also with fractions, a blank in the middle or no zone."""
        whole, point, rest = text.partition(".")
        digits = len(rest) - len(rest.lstrip("0123456789"))
        key = whole + rest[digits:] if point else text
        found = self._iso.get(key, -1.0)
        if found == -1.0:
            found = _iso_read(key, self._zone_s)
            _keep(self._iso, key, found)
        if found is None or not digits:
            return found
        return found + float(f"0.{rest[: min(digits, 9)]}")


def number_s(value: object, unit_s: float = 0.0) -> float | None:
    """Return the time of a number since the epoch; without a unit, its size tells whether it is seconds or less."""
    try:
        number = float(value)  # type: ignore[arg-type]  # what is no number is the point of trying
    except (TypeError, ValueError, OverflowError):
        return None
    if not 0 <= number < 1e20:
        return None
    if unit_s:
        number *= unit_s
    else:
        while number >= _MILLIS:
            number /= 1_000
    return number if number <= _LATEST_S else None


def _keep(known: dict[str, float | None], key: str, value: float | None) -> None:
    if len(known) >= _MOST_KEPT:
        known.clear()
    known[key[:64]] = value


def _midnight(day: str, zone_s: float) -> float | None:
    """Return the beginning of `30/Nov/2026 +0000`."""
    try:
        date = datetime(int(day[7:11]), _MONTHS[day[3:6]], int(day[:2]), tzinfo=UTC)
        zone = day[11:].strip()
        if zone:
            if len(zone) != 5 or zone[0] not in "+-" or not zone[1:].isdecimal():
                return None
            zone_s = (int(zone[1:3]) * 3_600 + int(zone[3:]) * 60) * (-1 if zone[0] == "-" else 1)
        return date.timestamp() - zone_s
    except (KeyError, ValueError, OverflowError):
        return None


def _iso_read(text: str, zone_s: float) -> float | None:
    if len(text) < 19 or len(text) > 40 or not text[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.timestamp() if moment.tzinfo else moment.replace(tzinfo=UTC).timestamp() - zone_s
    except (ValueError, OverflowError):
        return None
