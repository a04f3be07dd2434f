import pytest

from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.watch.detections.objects.foreign import MOST_KINDS, Foreign
from tests.watch.seeing import event, read, told

_SAW = "/api/notes: read, of #1"


def _foreign(made: Event, saw: str = _SAW) -> Event:
    """Return a request that the guard would have refused by what it has learned."""
    return made._replace(rulings=(Ruling(Decision("objects.foreign", saw=saw), is_applied=False),))


def _readers(many: int, strangers: int) -> list[Event]:
    """Return looks at notes by so many people, and by so many strangers."""
    known = [read(float(n), n, who=f"user:{n}", agent="firefox") for n in range(many)]
    return known + [
        read(100.0 + n, n, who="anonymous:", client=f"198.18.1.{n}", agent="firefox") for n in range(strangers)
    ]


TRIGGERS = {
    "given out": [read(0.0, 5, rules=("objects.foreign",))],
    "refused by the guard": [read(0.0, 5, status=404, rules=("objects.foreign",), refused=True)],
    "forbidden by the API, three of them": [read(60.0 * number, number, status=403) for number in range(3)],
}
SILENT = {
    "what strangers read as well": [*_readers(5, 2), _foreign(read(200.0, 3, agent="firefox"))],
    "an order that names what strangers read": [
        *_readers(5, 2),
        _foreign(event(200.0, "POST /api/orders", status=201), "/api/notes: write, of #1"),
    ],
    "one's own": [read(10.0 * number, number) for number in range(50)],
    "two forbidden": [read(60.0 * number, number % 2, status=403) for number in range(9)],
    "the session has ended": [read(60.0 * number, number, status=401) for number in range(9)],
    "a stranger": [read(60.0 * number, number, status=403, who="anonymous:") for number in range(9)],
}


_LINKED = [*_readers(90, 2), _foreign(read(200.0, 3, agent="firefox"))]
TRIGGERS["what few strangers came to by a link"] = _LINKED
TRIGGERS["a rule of the owner's"] = [*_readers(5, 2), read(200.0, 3, rules=("patches.own-object",), agent="firefox")]
TRIGGERS["forbidden by the guard"] = [
    *_readers(5, 2), read(200.0, 3, rules=("objects.foreign",), refused=True, status=404, agent="firefox"),
]  # fmt: skip


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(Foreign, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(Foreign, events)


def test_what_was_given_out_is_worse() -> None:
    severities = [told(Foreign, events)[0].severity for events in list(TRIGGERS.values())[:3]]
    assert severities == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]


def test_of_a_stranger_it_is_sure_where_enough_people_are_known() -> None:
    stranger = _foreign(read(200.0, 3, who="anonymous:", agent="firefox"))
    assert told(Foreign, [*_readers(4, 0), stranger])[0].severity is Severity.NOTE
    assert told(Foreign, [*_readers(30, 0), stranger])[0].severity is Severity.HIGH


def test_strangers_who_are_given_much_show_that_it_is_for_everybody() -> None:
    strangers = [
        _foreign(read(200.0 + n, n, who="anonymous:", client=f"198.18.1.{n}", agent="firefox")) for n in range(20)
    ]
    assert len(told(Foreign, [*_readers(4, 0), *strangers])) == 2


def test_each_refusal_is_counted_once() -> None:
    events = [read(60.0 * number, number, status=403) for number in range(7)]
    assert told(Foreign, events)[0].count == 7
    assert told(Foreign, [*events, *(one._replace(id=f"{one.id}x") for one in events)])[0].count == 14


def test_what_was_refused_long_ago_is_not_counted() -> None:
    long_ago = [read(60.0 * number, number, status=403) for number in range(2)]
    assert told(Foreign, [*long_ago, *(read(90_000.0 + n, n, status=403) for n in range(3))])[0].count == 3


def test_kinds_and_readers_that_are_remembered_have_a_bound() -> None:
    events = [
        event(float(n), f"GET /api/k{n}/{{id}}", path=f"/api/k{n}/1", agent="firefox") for n in range(MOST_KINDS + 9)
    ]
    many = [read(9_000.0 + n / 9, 1, who="anonymous:", client=f"198.18.1.{n % 200}", agent="x") for n in range(4_100)]
    assert not told(Foreign, [*events, *many])
