"""Reads the whole catalogue as an editor would, and says what is wrong with it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from apiward.catalogue.entries import MEETINGS, PATCH_FORMS, Catalogue, CheckEntry, LimitEntry, Risk, Story
from apiward.catalogue.owasp import OWASP_2019_TO_2023, OWASP_2023
from apiward.catalogue.prose import ASK_SENTENCES, Manner, prose_problems, sentences

LIMIT_PLACES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "sign-up-failed": frozenset({"status"}),
        "log-in-failed": frozenset({"operation", "status"}),
        "read-only": frozenset({"level"}),
        "role-not-used": frozenset({"operation"}),
        "area-closed": frozenset({"operation"}),
        "nothing-created": frozenset({"operation"}),
        "unreachable": frozenset({"target"}),
        "part-unreadable": frozenset({"count"}),
        "request-budget": frozenset({"budget"}),
        "not-logged-in-any-more": frozenset({"account"}),
        "no-token": frozenset({"account", "why"}),
        "no-description": frozenset({"count"}),
        "looking-stopped": frozenset({"why"}),
    }
)
"""What a scan fills into the words of a limit, by its id; the others have nothing to fill."""

_TITLE: Final = Manner(70, is_sentence=False)
_RISK: Final[Mapping[str, Manner]] = {
    "title": _TITLE,
    "what": Manner(400),
    "impact": Manner(400),
    "remedy": Manner(400),
}
_CHECK: Final[Mapping[str, Manner]] = {
    "title": _TITLE,
    "meaning": Manner(300),
    "fix": Manner(700, has_jargon=True),
    "ask": Manner(700, has_jargon=True, places=frozenset({"operation", "saw"})),
    "proves": Manner(300, has_jargon=True),
    "cannot": Manner(300, has_jargon=True),
    "held_by": Manner(300),
}
_STEPS: Final = frozenset({"first", "then"})
_STORY: Final[Mapping[str, Manner]] = {
    "title": _TITLE,
    "story": Manner(300, places=_STEPS),
    "fix": Manner(200, has_jargon=True, places=_STEPS),
}
_MAX_EFFORT_H: Final = 80.0
_CODE: Final = re.compile(r"[A-Z]{3}\d{2}")
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_URL: Final = re.compile(r"\w+://")


def lint(catalogue: Catalogue) -> tuple[str, ...]:
    """Return what is wrong with the words and references of `catalogue`; empty where all is right."""
    problems: list[str] = []
    for risk in catalogue.risks.values():
        problems.extend(f"{risk.id}: {problem}" for problem in _risk_problems(risk))
    for entry in catalogue.checks.values():
        problems.extend(f"{entry.code}: {problem}" for problem in _check_problems(entry, catalogue.risks))
    for limit in catalogue.limits.values():
        problems.extend(f"{limit.id}: {problem}" for problem in _limit_problems(limit))
    for story in catalogue.stories.values():
        problems.extend(f"{story.id}: {problem}" for problem in _story_problems(story, catalogue.checks))
    problems.extend(_repeats(catalogue))
    return tuple(problems)


def _risk_problems(risk: Risk) -> Iterator[str]:
    yield from _name_problems("id", risk.id)
    yield from _field_problems(risk, _RISK)
    yield from _owasp_problems(risk)


def _limit_problems(limit: LimitEntry) -> Iterator[str]:
    yield from _name_problems("id", limit.id)
    manner = Manner(300, places=LIMIT_PLACES.get(limit.id, frozenset()))
    yield from _field_problems(limit, dict.fromkeys(("what", "cost", "remedy"), manner))


def _story_problems(story: Story, checks: Mapping[str, CheckEntry]) -> Iterator[str]:
    yield from _name_problems("id", story.id)
    yield from _field_problems(story, _STORY)
    if story.meets not in MEETINGS:
        yield f"meets {story.meets!r} is none of {', '.join(MEETINGS)}"
    if not story.first:
        yield "begins with no check"
    if story.mend not in (_STEPS if story.then else {"first"}):
        yield f"mend {story.mend!r} is none of its steps"
    yield from (f"names the unknown check {code!r}" for code in (*story.first, *story.then) if code not in checks)


def _check_problems(entry: CheckEntry, risks: Mapping[str, Risk]) -> Iterator[str]:
    if not _CODE.fullmatch(entry.code):
        yield "the code is not three capital letters and two digits"
    yield from _name_problems("name", entry.name)
    yield from _field_problems(entry, _CHECK)
    yield from _risk_link_problems(entry, risks)
    yield from _owasp_problems(entry)
    yield from _effort_problems(entry)
    yield from _ask_problems(entry)
    yield from _reference_problems(entry)
    yield from _patch_problems(entry)


def _patch_problems(entry: CheckEntry) -> Iterator[str]:
    if entry.patch not in PATCH_FORMS:
        yield f"patch {entry.patch!r} is none of {', '.join(PATCH_FORMS)}"
    if (entry.patch == "none") != entry.held_by.startswith("No rule can hold this"):
        yield "held_by and patch disagree on whether a rule can hold it"


def _name_problems(field: str, name: str) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f"{field} {name!r} is not kebab-case"


def _field_problems(entry: Risk | CheckEntry | LimitEntry | Story, manners: Mapping[str, Manner]) -> Iterator[str]:
    for field, manner in manners.items():
        yield from (f"{field} {problem}" for problem in prose_problems(getattr(entry, field), manner))


def _risk_link_problems(entry: CheckEntry, risks: Mapping[str, Risk]) -> Iterator[str]:
    if not entry.risks:
        yield "names no risk"
    yield from (f"names the unknown risk {risk!r}" for risk in entry.risks if risk not in risks)


def _owasp_problems(entry: Risk | CheckEntry) -> Iterator[str]:
    # The two editions must agree; the later one may say more, as it has new entries.
    unknown = [*set(entry.owasp_2019) - set(OWASP_2019_TO_2023), *set(entry.owasp_2023) - OWASP_2023]
    yield from (f"names the unknown OWASP entry {id_!r}" for id_ in sorted(unknown))
    for id_ in entry.owasp_2019:
        later = OWASP_2019_TO_2023.get(id_, "")
        if later and later not in entry.owasp_2023:
            yield f"{id_} became {later}, which is not named"


def _effort_problems(entry: CheckEntry) -> Iterator[str]:
    least, most = entry.effort_h
    if not 0 < least <= most <= _MAX_EFFORT_H:
        yield f"effort_h must rise from above 0 to at most {_MAX_EFFORT_H:g}, not {least:g} to {most:g}"


def _ask_problems(entry: CheckEntry) -> Iterator[str]:
    for place in ("{operation}", "{saw}"):
        if place not in entry.ask:
            yield f"ask does not say {place}"
    count = len(sentences(entry.ask))
    if count not in ASK_SENTENCES:
        yield f"ask has {count} sentences, not {ASK_SENTENCES[0]} to {ASK_SENTENCES[-1]}"


def _reference_problems(entry: CheckEntry) -> Iterator[str]:
    if not entry.references:
        yield "has no references"
    if not entry.cwe:
        yield "names no CWE"
    yield from (f"reference {text!r} is an address" for text in entry.references if _URL.search(text))
    named = {f"OWASP {id_}" for id_ in (*entry.owasp_2019, *entry.owasp_2023)}
    cited = {text for text in entry.references if text.startswith("OWASP API")}
    yield from (f"cites {text!r} but does not map to it" for text in sorted(cited - named))


def _repeats(catalogue: Catalogue) -> Iterator[str]:
    checks = catalogue.checks.values()
    yield from _repeated("name", [entry.name for entry in checks])
    yield from _repeated("title", [entry.title for entry in checks])
    yield from _repeated("meaning", [entry.meaning for entry in checks])
    yield from _repeated("what", [risk.what for risk in catalogue.risks.values()])
    yield from _repeated("what", [limit.what for limit in catalogue.limits.values()])


def _repeated(field: str, values: list[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"{count} entries have the same {field}: {value!r}"
