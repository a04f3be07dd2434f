import pytest

from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.accounts.privilege import Privilege
from tests.watch.seeing import event, told

_BEFORE = event(0.0, session="s")
_AFTER = event(600.0, session="s", role="admin")
_GIVEN = [
    event(290.0, who="user:1", role="admin"),
    event(300.0, "PATCH /api/admin/users/{id}", who="user:1", role="admin"),
]

TRIGGERS = {"nobody gave it": [_BEFORE, _AFTER], "one more": [event(0.0, role="staff"), event(9.0, role="admin,staff")]}
SILENT = {
    "always had it": [event(60.0 * n, role="admin") for n in range(9)],
    "lost it": [event(0.0, role="admin,staff"), event(9.0, role="staff"), event(19.0, session="s")],
    "somebody else has it": [_BEFORE, _AFTER._replace(principal="user:9")],
}


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Privilege, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Privilege, events)


def test_what_staff_gave_is_only_noted_but_nobody_gives_it_to_themselves() -> None:
    assert told(Privilege, [_BEFORE, *_GIVEN, _AFTER])[0].severity is Severity.NOTE
    taken = [_BEFORE, event(300.0, "PATCH /api/admin/users/{id}", session="s"), _AFTER]
    assert told(Privilege, taken)[0].severity is Severity.MEDIUM


def test_what_nobody_gave_stays_new_for_a_week() -> None:
    again = [event(600.0 + 3_600.0 * hour, session="s", role="admin") for hour in range(24)]
    assert told(Privilege, [_BEFORE, *again])[0].count == 24
    later = [event(86_400.0 * day, session="s", role="admin") for day in range(1, 30)]
    assert told(Privilege, [_BEFORE, *later])[0].count == 9
