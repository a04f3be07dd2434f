import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from apiward.catalogue.clocks import load_clocks
from apiward.watch.breach.calendar import MOST_BYTES, calendar_lines
from apiward.watch.breach.limits import Facts, Running, running

NOW_S = datetime(2026, 11, 30, 12, 0, tzinfo=UTC).timestamp()
FACTS = Facts(NOW_S, ("DE", "IN"), ("DE",), ("personal",), (), 40, "some")
LINE = re.compile(r"([A-Z-]+):(.*)", re.DOTALL)


def read(lines: list[str]) -> list[dict[str, str]]:
    """Return the entries of a calendar, unfolded and unescaped, as RFC 5545 says it."""
    whole: list[str] = []
    for line in lines:
        assert len(line.encode()) <= MOST_BYTES
        assert "\n" not in line
        assert "\r" not in line
        if line.startswith(" "):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    entries: list[dict[str, str]] = []
    open_parts: list[str] = []
    for line in whole:
        found = LINE.fullmatch(line)
        assert found, line
        name, value = found.groups()
        if name == "BEGIN":
            open_parts.append(value)
            if value == "VEVENT":
                entries.append({"alarms": ""})
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts == ["VCALENDAR", "VEVENT"]:
            assert name not in entries[-1]
            entries[-1][name] = re.sub(r"\\(.)", lambda one: "\n" if one[1] == "n" else one[1], value)
        elif open_parts[-1] == "VALARM" and name == "TRIGGER":
            entries[-1]["alarms"] += value
    assert open_parts == []
    return entries


def made(limits: tuple[Running, ...], now_s: float = NOW_S + 60) -> list[dict[str, str]]:
    return read(list(calendar_lines(limits, breach="2026-11-30-4f2a", started_s=NOW_S, now_s=now_s)))


def test_each_limit_is_an_entry_that_reminds_before_its_end() -> None:
    limits = running(FACTS, load_clocks().values())
    entries = {entry["UID"]: entry for entry in made(limits)}
    assert len(entries) == sum(one.until_s is not None for one in limits)
    gdpr = entries["gdpr-authority.2026-11-30-4f2a@apiward"]
    assert (gdpr["DTSTART"], gdpr["STATUS"]) == ("20261203T120000Z", "CONFIRMED")
    assert gdpr["alarms"] == "-P1D-PT3H-PT1H"
    assert gdpr["SUMMARY"].startswith("Last moment: European Union, GDPR: ")
    assert "apiward breach draft gdpr-authority --id 2026-11-30-4f2a" in gdpr["DESCRIPTION"]
    assert gdpr["DESCRIPTION"].endswith("This is no legal advice.")


def test_what_is_in_doubt_says_so_and_what_has_no_end_is_left_out() -> None:
    limits = running(replace(FACTS, people=None, risk=None), load_clocks().values())
    for one, entry in zip([one for one in limits if one.until_s is not None], made(limits), strict=True):
        assert entry["STATUS"] == ("CONFIRMED" if one.is_sure else "TENTATIVE")
        for question in one.questions:
            assert question in entry["DESCRIPTION"]


def test_a_later_file_changes_the_same_entries_and_reminds_of_nothing_that_is_over() -> None:
    limits = running(FACTS, load_clocks().values())
    before, after = made(limits), made(limits, NOW_S + 71.5 * 3_600)
    assert [entry["UID"] for entry in before] == [entry["UID"] for entry in after]
    assert all(int(one["SEQUENCE"]) < int(other["SEQUENCE"]) for one, other in zip(before, after, strict=True))
    (gdpr,) = [entry for entry in after if entry["UID"].startswith("gdpr-authority.")]
    assert gdpr["alarms"] == ""


@given(st.text(max_size=300), st.text(max_size=300), st.floats(0, 1e13))
def test_whatever_is_in_it_is_read_again_as_it_was(duty: str, question: str, until_s: float) -> None:
    clock = replace(load_clocks()["gdpr-authority"], duty=duty)
    (entry,) = made((Running(clock, (question,), until_s),))

    def printable(text: str) -> str:
        return "".join(letter for letter in text if letter.isprintable() or letter == "\n")

    assert entry["SUMMARY"] == f"Perhaps the last moment: {clock.regime}: {printable(duty)}"
    assert printable(question) in entry["DESCRIPTION"]


def test_without_limits_it_is_empty() -> None:
    assert made(()) == []
