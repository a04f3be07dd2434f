"""Which time limits run: from where the business and its customers are, what was touched, and how many are concerned.

What is not known leaves a limit open: it is shown with the question that decides, never left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from apiward.catalogue.clocks import EU, RISKS, Clock

DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_PERSONAL: Final = frozenset({"health", "financial"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known. None, or no entry at all, means that it is not known yet; times are in seconds since the epoch.

    Countries are of two letters (ISO 3166-1), states follow a dash ("US-CA"). `people` is how many are concerned.
    An empty tuple says that there is none: no data of that kind, no such role.
    """

    noticed_s: float
    business_in: tuple[str, ...] | None = None
    people_in: tuple[str, ...] | None = None
    data: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None
    people: int | None = None
    risk: str | None = None
    judged_s: float | None = None
    told_s: float | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A limit that runs, or may run where `questions` are open. `until_s` None: it begins when that is done."""

    clock: Clock
    questions: tuple[str, ...]
    until_s: float | None

    @property
    def is_sure(self) -> bool:
        """Whether it applies without doubt, as far as the facts say."""
        return not self.questions


def running(facts: Facts, clocks: Iterable[Clock]) -> tuple[Running, ...]:
    """Return the limits that run or may run, the nearest first, those without an end of their own last."""
    found = [one for clock in clocks if (one := _running(facts, clock)) is not None]
    return tuple(sorted(found, key=lambda one: (one.until_s is None, one.until_s or 0.0, one.clock.name)))


def _running(facts: Facts, clock: Clock) -> Running | None:
    asked: list[str] = []
    for answer, question in _conditions(facts, clock):
        if answer is False:
            return None
        if answer is None:
            asked.append(question)
    if clock.ask:
        asked.append(clock.ask)
    return Running(clock, tuple(asked), _until(facts, clock))


def _conditions(facts: Facts, clock: Clock) -> Sequence[tuple[bool | None, str]]:
    return (
        (_of_day(facts) >= clock.from_, ""),
        (_place(facts, clock), "Where is your business, and where do the people live whose data it is?"),
        (_shares(_kinds(facts.data), clock.data), f"Was {_either(clock.data)} data touched?"),
        (_shares(facts.roles, clock.roles), f"Are you {_roles(clock.roles)}?"),
        (_number(facts.people, clock), "How many people are concerned?"),
        (_risk(facts.risk, clock.risk), "How badly may it harm the people whose data it is?"),
    )


def _place(facts: Facts, clock: Clock) -> bool | None:
    if not clock.business_in and not clock.people_in:
        return True
    answers = [
        _within(there, wanted)
        for there, wanted in ((facts.business_in, clock.business_in), (facts.people_in, clock.people_in))
        if wanted
    ]
    if True in answers:
        return True
    return None if None in answers else False


def _within(there: tuple[str, ...] | None, wanted: tuple[str, ...]) -> bool | None:
    """Return whether one of the places lies in one of those that are wanted; a country may have a state that does."""
    if there is None:
        return None
    answers = [_lies_in(place, area) for place in there for area in wanted]
    if True in answers:
        return True
    return None if None in answers else False


def _lies_in(place: str, area: str) -> bool | None:
    country = place.partition("-")[0]
    if area == "EU":
        return place == "EU" or country in EU
    if area in {place, country}:
        return True
    return None if area.startswith(f"{place}-") or (place == "EU" and area in EU) else False


def _kinds(data: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if data is None:
        return None
    return (*data, "personal") if _PERSONAL & set(data) else data


def _shares(there: tuple[str, ...] | None, wanted: tuple[str, ...]) -> bool | None:
    if not wanted:
        return True
    return None if there is None else bool(set(there) & set(wanted))


def _number(people: int | None, clock: Clock) -> bool | None:
    if not clock.least_people and clock.most_people is None:
        return True
    if people is None:
        return None
    return clock.least_people <= people and (clock.most_people is None or people <= clock.most_people)


def _risk(risk: str | None, least: str) -> bool | None:
    if least == RISKS[0]:
        return True
    return None if risk is None else RISKS.index(risk) >= RISKS.index(least)


def _until(facts: Facts, clock: Clock) -> float | None:
    starts = {"noticed": facts.noticed_s, "judged": facts.judged_s, "told": facts.told_s}
    start_s = _year_end(facts.noticed_s) if clock.starts == "year-end" else starts[clock.starts]
    if start_s is None or clock.within == "at once":
        return start_s
    if clock.within.endswith("wd"):
        return _working_days(start_s, int(clock.within.removesuffix("wd")))
    number, unit = int(clock.within[:-1]), clock.within[-1]
    return start_s + number * (3_600 if unit == "h" else 86_400)


def _working_days(start_s: float, number: int) -> float:
    """Return the end of that many working days later. Holidays are not known: they would only give more time."""
    day = datetime.fromtimestamp(start_s, UTC)
    while number:
        day += DAY
        number -= day.weekday() < _SATURDAY
    return day.replace(hour=23, minute=59, second=59, microsecond=0).timestamp()


def _year_end(at_s: float) -> float:
    year = datetime.fromtimestamp(at_s, UTC).year
    return datetime(year + 1, 1, 1, tzinfo=UTC).timestamp()


def _of_day(facts: Facts) -> date:
    return datetime.fromtimestamp(facts.noticed_s, UTC).date()


_ROLE_WORDS: Final = {
    "health": "a clinic, practice or health insurer",
    "health-app": "a keeper of health data that is no clinic",
    "financial": "a bank, lender, broker or other financial company",
    "processor": "one that works on the data of another company",
    "nis2": "named by the NIS2 directive (essential or important)",
}


def _roles(roles: tuple[str, ...]) -> str:
    return " or ".join(_ROLE_WORDS[role] for role in roles)


def _either(data: tuple[str, ...]) -> str:
    return " or ".join(data)
