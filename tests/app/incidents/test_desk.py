import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.guarding.shut_keys import Own
from apiward.app.guarding.shutting import ShutDesk, Standing
from apiward.app.incidents.desk import IncidentDesk, NotHeldError
from apiward.app.incidents.hitting import HitsOthersError
from apiward.app.incidents.words import next_step, shown_lines
from apiward.config.errors import AdvisedError
from apiward.core.detection import EVERYBODY
from apiward.core.incident import IncidentState, MomentKind
from apiward.core.ports import StepUp
from apiward.core.watching import WatchStep
from tests.app.guarding.stored import stored_events
from tests.app.incidents.made import NOW_S, Watched, seen, watched
from tests.stores.events.made import event


class Guard(ShutDesk):
    """A guard that says what it is told to say."""

    says = Standing()

    def standing(self, keys: object, *, is_out: bool = True) -> Standing:
        """Say it."""
        return self.says


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


@pytest.fixture
def guard(tmp_path: Path) -> Guard:
    return Guard(tmp_path, Own(callers=("user:1",)), by="owner:ada", clock=lambda: NOW_S + 60, environment={})


def desk(here: Watched, guard: Guard, tmp_path: Path, step_up: StepUp | None = None) -> IncidentDesk:
    return IncidentDesk(here.record, guard, tmp_path, by="owner:ada", now=lambda: NOW_S + 60, step_up=step_up)


def test_who_does_it_is_held_off_and_let_in_again(here: Watched, guard: Guard, tmp_path: Path) -> None:
    (one,) = here.take(seen())
    work = desk(here, guard, tmp_path)
    held = work.contain(one.id[:6], for_s=3_600, reason="stolen passwords")
    assert (held.why_not, held.keys, held.incident.state) == ("", ("address:192.0.2.7",), IncidentState.CONTAINED)
    assert "until 2026-11-30 13:01" in held.incident.timeline[-1].said
    assert "13:01" in next_step(held.incident)
    (block,) = guard.listed()
    assert (block.incident, block.reason, block.by) == (one.id, "stolen passwords", "owner:ada")
    stored = here.record.incident(one.id)
    assert stored is not None
    assert stored.state is IncidentState.CONTAINED
    undone = work.undo(one.id)
    assert (undone.incident.state, guard.listed()) == (IncidentState.OPEN, ())
    with pytest.raises(AdvisedError, match="Nobody is held off"):
        work.undo(one.id)


def test_what_the_guard_does_not_confirm_is_not_contained(here: Watched, guard: Guard, tmp_path: Path) -> None:
    (one,) = here.take(seen())
    guard.says = Standing("No guard runs here now.")
    held = desk(here, guard, tmp_path).contain(one.id, for_s=3_600, reason="x")
    assert held.why_not == "No guard runs here now."
    assert held.incident.state is IncidentState.OPEN
    assert "Not held off yet" in held.incident.timeline[-1].said


def test_the_owner_is_not_held_off_and_that_is_said(here: Watched, guard: Guard, tmp_path: Path) -> None:
    (one,) = here.take(seen(who="user:1"))
    with pytest.raises(AdvisedError, match="your own"):
        desk(here, guard, tmp_path).contain(one.id, for_s=3_600, reason="x")
    stored = here.record.incident(one.id)
    assert stored is not None
    assert (stored.state, stored.timeline[-1].kind) == (IncidentState.OPEN, MomentKind.STEP)
    assert guard.listed() == ()


def test_a_user_is_held_off_with_all_log_ins(here: Watched, guard: Guard, tmp_path: Path) -> None:
    (one,) = here.take(seen(who="user:https://id.example|42"))
    held = desk(here, guard, tmp_path).contain(one.id, for_s=3_600, reason="x")
    assert held.ended_log_ins == 1
    assert {block.key for block in guard.listed()} == {
        "user:https://id.example|42",
        "ended:sub|https://id.example|42",
    }


def test_all_of_one_customer_are_held_off_only_where_that_hits_nobody_else(
    here: Watched, guard: Guard, tmp_path: Path
) -> None:
    (one,) = here.take(seen(who="tenant:shop"))
    work = desk(here, guard, tmp_path)
    with pytest.raises(HitsOthersError, match="Nobody knows whom it would hit"):
        work.contain(one.id, for_s=3_600, reason="x")
    work._others = lambda key, before_s: 3 * (key == "tenant:shop" and before_s == one.first_s)
    with pytest.raises(HitsOthersError, match="3 callers fared well there: they would be hit") as told:
        work.contain(one.id, for_s=3_600, reason="x")
    assert f"apiward incidents contain {one.id} --yes" in str(told.value.advice)
    assert guard.listed() == ()
    assert work.contain(one.id, for_s=3_600, reason="x", is_sure=True).keys == ("tenant:shop",)
    work.undo(one.id)
    work._others = lambda *_: 0
    assert work.contain(one.id, for_s=3_600, reason="x").keys == ("tenant:shop",)


def test_a_crowd_of_one_network_is_held_off_together(here: Watched, guard: Guard, tmp_path: Path) -> None:
    clients = ("198.51.100.7", "198.51.100.8", "198.51.100.8", "203.0.113.1", "nobody")
    events = [event(number, client=client) for number, client in enumerate(clients)]
    here.record.commit(WatchStep(events=events))
    (one,) = here.take(seen(who=EVERYBODY, events=tuple(one.id for one in events)))
    work = desk(here, guard, tmp_path)
    with pytest.raises(HitsOthersError, match=r"network:198\.51\.100\.0/24 was not shut out") as told:
        work.contain(one.id, for_s=3_600, reason="x", with_networks=True)
    assert f"contain {one.id} --networks --yes" in str(told.value.advice)
    held = work.contain(one.id, for_s=3_600, reason="x", with_networks=True, is_sure=True)
    assert held.keys == ("network:198.51.100.0/24",)
    (lone,) = here.take(seen(who=EVERYBODY, rule="data.scraping", events=("00000003",)))
    with pytest.raises(NotHeldError, match="no network to hold off"):
        work.contain(lone.id, for_s=3_600, reason="x", with_networks=True)


@pytest.mark.parametrize("who", [EVERYBODY, "session:4f2a"])
def test_a_crowd_is_held_off_only_by_what_it_reaches_for(here: Watched, guard: Guard, tmp_path: Path, who: str) -> None:
    (one,) = here.take(seen(who=who, where="POST /login"))
    work = desk(here, guard, tmp_path)
    with pytest.raises(NotHeldError, match="POST /login"):
        work.contain(one.id, for_s=3_600, reason="x")
    held = work.contain(one.id, for_s=3_600, reason="x", with_operations=True)
    assert held.keys == ("operation:POST /login",)
    (nowhere,) = here.take(seen(who=who, rule="data.scraping"))
    with pytest.raises(NotHeldError, match="neither a caller nor an operation"):
        work.contain(nowhere.id, for_s=3_600, reason="x", with_operations=True)


def test_an_exercise_holds_off_nobody_who_is_real(here: Watched, guard: Guard, tmp_path: Path) -> None:
    (one,) = here.take(seen(is_drill=True, where="POST /login"))
    held = desk(here, guard, tmp_path).contain(one.id, for_s=60, reason="x", with_operations=True)
    assert held.keys == (f"token:drill-{one.id}",)


def test_looks_notes_and_ends_stand_in_timeline_and_record(here: Watched, guard: Guard, tmp_path: Path) -> None:
    (one,) = here.take(seen())
    work = desk(here, guard, tmp_path)
    work.look(one.id)
    work.look(one.id)
    work.note(one.id, "Called the customer.")
    closed = work.close(one.id, "It was our own test.")
    assert [(moment.kind.value, moment.by) for moment in closed.timeline] == [
        ("seen", ""),
        ("step", "owner:ada"),
        ("note", "owner:ada"),
        ("closed", "owner:ada"),
    ]
    assert closed.timeline[-1].said == "Closed. It was our own test."
    with pytest.raises(AdvisedError, match="closed already"):
        work.close(one.id, "")
    assert work.look(one.id) == here.record.incident(one.id)
    assert (work.listed(), len(work.listed(is_all=True))) == ([], 1)
    (tmp_path / "apiward.toml").write_text("")
    said = [event.said for event in stored_events(Place(None, tmp_path, tmp_path)) if event.kind == "incident"]
    assert said[-1] == f"Incident {one.id}: Closed. It was our own test."
    assert len(said) == 3


def test_an_incident_is_found_by_the_beginning_of_its_number(here: Watched, guard: Guard, tmp_path: Path) -> None:
    work = desk(here, guard, tmp_path)
    with pytest.raises(AdvisedError, match="There are 0"):
        work.get("4f2a")
    ids = [here.take(seen(who=f"user:{number}"))[0].id for number in range(5)]
    assert work.get(ids[0][:8]).id == ids[0]
    for typed in ("", "zzz"):
        with pytest.raises(AdvisedError, match="There is no incident"):
            work.get(typed)


class Portal:
    """Stands for the access portal."""

    def __init__(self, *, holds: bool) -> None:
        self.holds = holds
        self.asked: list[str] = []

    def require(self, key: str, *, reason: str, until_s: float) -> bool:
        self.asked.append(key)
        return self.holds

    def release(self, key: str) -> bool:
        return self.holds


def test_a_second_factor_is_asked_for_where_there_is_a_portal(here: Watched, guard: Guard, tmp_path: Path) -> None:
    (one,) = here.take(seen(who="user:42"))
    with pytest.raises(NotHeldError, match="no access portal"):
        desk(here, guard, tmp_path).ask_second_factor(one.id, for_s=60, reason="x")
    portal = Portal(holds=True)
    held = desk(here, guard, tmp_path, portal).ask_second_factor(one.id, for_s=60, reason="x")
    assert (held.why_not, portal.asked) == ("", ["user:42"])
    assert "A second factor is asked of the account 42." in held.incident.timeline[-1].said
    failed = desk(here, guard, tmp_path, Portal(holds=False)).ask_second_factor(one.id, for_s=60, reason="x")
    assert failed.why_not == "The access portal does not say so."
    (address,) = here.take(seen())
    with pytest.raises(NotHeldError, match="Only accounts"):
        desk(here, guard, tmp_path, portal).ask_second_factor(address.id, for_s=60, reason="x")


def test_what_is_shown_begins_with_what_to_do(here: Watched) -> None:
    facts = (("accounts", "57"), ("failed", "900"), ("addresses", "1"))
    (one,) = here.take(seen(facts=facts, touched=("user:7", "user:8", "object:9")))
    lines = list(shown_lines(one))
    assert lines[0] == f"What to do: Hold it off now, and look at it then: apiward incidents contain {one.id}"
    assert "What we saw: 900 log-ins to 57 different accounts failed" in "\n".join(lines)
    assert "Touched: 1 things of customers, 2 accounts." in lines
    assert lines[-1].startswith("What is not known: ")
    assert json.dumps(lines)
