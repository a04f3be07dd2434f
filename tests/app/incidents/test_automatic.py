from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.guarding.shut_keys import Own
from apiward.app.guarding.shutting import ShutDesk, Standing
from apiward.app.incidents.automatic import FRESH_S, Automatic
from apiward.app.incidents.desk import IncidentDesk
from apiward.app.incidents.words import next_step
from apiward.config.automatic import AutomaticConfig
from apiward.config.errors import AdvisedError
from apiward.core.detection import EVERYBODY
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState
from apiward.core.watching import WatchStep
from apiward.stores.record.telling import OURSELVES
from tests.app.incidents.made import NOW_S, Keeping, Watched, seen, watched
from tests.app.incidents.test_telling import turn
from tests.stores.events.made import event

STUFFING = AutomaticConfig(("stuffing:block-address", "stuffing:end-log-ins", "scraping:block-principal"), most=2)


class Guard(ShutDesk):
    """A guard that says what it is told to say."""

    says = Standing()

    def standing(self, keys: object, *, is_out: bool = True) -> Standing:
        """Say it."""
        return self.says


class Acting:
    """All that acts in one folder. `others` is how many fared well from each address."""

    def __init__(self, here: Watched, folder: Path) -> None:
        self.here = here
        self.now_s = NOW_S + 5
        self.others: int | None = 0
        self.guard = self._guard(folder, OURSELVES)
        self.owner = IncidentDesk(here.record, self._guard(folder, "owner:ada"), folder, by="owner:ada", now=self.now)
        self.desk = IncidentDesk(here.record, self.guard, folder, by="", now=self.now)
        self.upto = 0

    def now(self) -> float:
        return self.now_s

    def _guard(self, folder: Path, by: str) -> Guard:
        own = Own(("203.0.113.0/24",), ("user:1",))
        return Guard(folder, own, by=by, clock=self.now, environment={})

    def turn(self, config: AutomaticConfig = STUFFING) -> None:
        """Look once at what has changed."""
        automatic = Automatic(self.here.record, self.desk, self.guard, config, lambda *_: self.others)
        self.upto = automatic.turn(self.upto, self.now_s)

    def held(self) -> dict[str, float]:
        """Return who is out, and for how many minutes from now."""
        return {one.key: round((one.until_s - self.now_s) / 60) for one in self.guard.listed()}

    def get(self, one: Incident) -> Incident:
        found = self.here.record.incident(one.id)
        assert found is not None
        return found


@pytest.fixture
def acting(tmp_path: Path) -> Iterator[Acting]:
    with watched(tmp_path) as here:
        yield Acting(here, tmp_path)


def test_who_may_be_held_off_is_for_a_time_and_one_command_undoes_it(acting: Acting) -> None:
    (one,) = acting.here.take(seen())
    acting.turn()
    assert acting.held() == {"address:192.0.2.7": 60}
    now = acting.get(one)
    assert now.state is IncidentState.CONTAINED
    assert "by apiward itself as you allow it (stuffing:block-address)" in now.timeline[-1].said
    assert f"apiward incidents undo {one.id}" in next_step(now)
    assert "2026-11-30 13:00" in next_step(now)
    acting.now_s += 3_601
    assert acting.held() == {}, "it ends by itself"


def test_without_consent_nothing_is_held(acting: Acting) -> None:
    (one,) = acting.here.take(seen())
    for config in (
        AutomaticConfig(),
        AutomaticConfig(("scraping:block-principal",)),  # of another kind
        AutomaticConfig(("stuffing:end-log-ins",)),  # for another kind of caller
        AutomaticConfig(("stuffing:block-address",), since="critical"),
    ):
        acting.upto = 0
        acting.turn(config)
    assert (acting.held(), acting.get(one).state) == ({}, IncidentState.OPEN)
    assert len(acting.get(one).timeline) == 1


def test_the_owners_own_is_left_alone_and_that_is_said_once(acting: Acting) -> None:
    own = ["address:203.0.113.9", "user:1", "address:127.0.0.1"]
    acting.here.take(*(seen(who=who) for who in own))
    for _ in range(3):
        acting.upto = 0
        acting.turn()
    assert acting.held() == {}
    said = {one.who: [moment.said for moment in one.timeline[1:]] for one in acting.here.record.incidents()}
    assert said == {who: [f"Not held off by apiward itself: {acting.desk._words.who(who)} is your own."] for who in own}


def test_whom_others_share_an_address_with_is_left_alone(acting: Acting) -> None:
    for part, number in enumerate((None, 1, 3_000)):
        acting.others = number
        (one,) = acting.here.take(seen(who=f"address:192.0.2.{part}"))
        acting.turn()
        assert acting.held() == {}
        assert "others who fared well" in acting.get(one).timeline[-1].said


def test_a_log_in_is_nobodys_but_its_own(acting: Acting) -> None:
    acting.others = 3_000  # of an address; who holds a log-in alone is asked for none
    acting.here.take(seen(rule="data.scraping", who="token:4f2a"), seen(who="user:7"))
    acting.turn()
    assert set(acting.held()) == {"token:4f2a", "user:7"}


def test_never_more_than_so_many_at_once(acting: Acting) -> None:
    for number in range(4):
        acting.here.take(seen(who=f"address:192.0.2.{number}"))
    acting.turn()
    assert len(acting.held()) == 2
    said = [moment.said for one in acting.here.record.incidents() for moment in one.timeline]
    assert sum("2 callers held off already" in text for text in said) == 2
    acting.now_s += 3_601
    acting.here.take(seen(acting.now_s, who="address:192.0.2.9", first_s=acting.now_s), now_s=acting.now_s)
    acting.turn()
    assert set(acting.held()) == {"address:192.0.2.9"}, "there is room again"


def test_whom_the_owner_has_let_in_stays_in(acting: Acting) -> None:
    (one,) = acting.here.take(seen())
    acting.turn()
    acting.owner.undo(one.id)
    acting.here.take(seen(NOW_S + 100, count=90))
    acting.turn()
    assert acting.held() == {}
    assert "you have let in the address 192.0.2.7 again" in acting.get(one).timeline[-1].said


def test_whom_the_owner_has_let_in_by_name_stays_in(acting: Acting, tmp_path: Path) -> None:
    (one,) = acting.here.take(seen())
    acting.turn()
    acting._guard(tmp_path, "owner:ada").undo("address:192.0.2.7")
    acting.now_s += 100
    acting.here.take(seen(acting.now_s, count=90), now_s=acting.now_s)
    assert acting.get(one).state is IncidentState.REOPENED
    acting.turn()
    assert acting.held() == {}


def test_what_goes_on_when_the_time_is_over_is_held_off_again(acting: Acting) -> None:
    (one,) = acting.here.take(seen())
    acting.turn()
    acting.now_s += 3_700
    acting.here.take(seen(acting.now_s, count=90), now_s=acting.now_s)
    acting.turn()
    assert acting.held() == {"address:192.0.2.7": 60}
    assert acting.get(one).state is IncidentState.CONTAINED


def test_old_logs_and_exercises_hold_off_nobody(acting: Acting) -> None:
    acting.here.take(seen(is_drill=True), seen(who="address:192.0.2.8"))
    acting.now_s += FRESH_S
    acting.turn()
    assert acting.held() == {}


def test_where_many_do_it_together_an_operation_is_shut_if_that_is_named(acting: Acting) -> None:
    acting.here.take(seen(rule="service.overload", who=EVERYBODY, where="GET /search"))
    acting.turn()
    assert acting.held() == {}
    acting.upto = 0
    acting.turn(AutomaticConfig(("overload:block-operation",)))
    assert acting.held() == {"operation:GET /search": 60}


def test_where_many_of_one_network_do_it_the_network_is_held_off_if_that_is_named(acting: Acting) -> None:
    events = [event(number, client=f"198.51.100.{number}") for number in range(3)]
    acting.here.record.commit(WatchStep(events=events))
    (one,) = acting.here.take(seen(who=EVERYBODY, events=tuple(one.id for one in events)))
    allowed = AutomaticConfig(("stuffing:block-network",))
    acting.others = 7
    acting.turn(allowed)
    assert acting.held() == {}, "customers come from there"
    acting.others, acting.upto = 0, 0
    acting.turn(allowed)
    assert acting.held() == {"network:198.51.100.0/24": 60}
    assert "the network 198.51.100.0/24" in acting.get(one).timeline[-1].said
    acting.here.take(seen(who=EVERYBODY, rule="service.overload"))
    acting.turn(AutomaticConfig(("overload:block-network",)))
    assert len(acting.held()) == 1, "nobody knows from where"


def test_a_guard_that_does_not_say_so_is_noted_and_nothing_is_tried_twice(acting: Acting) -> None:
    acting.guard.says = Standing("No guard runs here now.")
    (one,) = acting.here.take(seen())
    for _ in range(3):
        acting.turn()
    assert acting.get(one).state is IncidentState.OPEN
    assert [moment.kind.value for moment in acting.get(one).timeline] == ["seen", "step"]


def test_what_could_not_be_done_is_told_once_and_tried_again_later(
    acting: Acting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise AdvisedError("Nothing was changed.", "The disk is full.", "")

    (one,) = acting.here.take(seen())
    with monkeypatch.context() as broken:
        broken.setattr(acting.guard, "shut", full)
        for _ in range(4):
            acting.turn()
    assert [moment.kind.value for moment in acting.get(one).timeline] == ["seen", "step"]
    assert capsys.readouterr().err.count("could not be held off") == 1
    acting.now_s += 61
    acting.here.take(seen(acting.now_s, count=90), now_s=acting.now_s)
    acting.turn()
    assert set(acting.held()) == {"address:192.0.2.7"}


def test_what_nobody_could_name_is_left_alone(acting: Acting) -> None:
    acting.here.take(seen(who="address:nowhere"))
    acting.turn()
    assert acting.held() == {}


def test_it_is_told_at_once_with_how_to_undo_it(acting: Acting) -> None:
    mail, hook = Keeping(), Keeping(can_follow=False)
    teller = acting.here.teller(mail.channel(), hook.channel("hook"), Keeping().channel("last", is_last_resort=True))
    (one,) = acting.here.take(seen(severity=Severity.MEDIUM))
    assert turn(teller, 0.0) == 0  # it waits for what belongs to it
    acting.turn()
    assert turn(teller, 6.0) == 2
    assert turn(teller, 7.0, 100.0, 4_000.0) == 0
    for channel in (mail, hook):
        (notice,) = channel.notices
        assert f"apiward incidents undo {one.id}" in notice.lines[0]


def test_what_was_told_before_is_told_again_at_once_when_it_is_held_off(acting: Acting) -> None:
    hook = Keeping(can_follow=False)
    teller = acting.here.teller(hook.channel())
    acting.here.take(seen())
    assert turn(teller, 0.0, 21.0) == 1
    acting.now_s = NOW_S + 25
    acting.turn()
    assert turn(teller, 26.0) == 1
    assert turn(teller, 60.0, 5_000.0) == 0
