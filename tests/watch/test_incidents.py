import itertools
import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apiward.catalogue.incidents import load_incident_words
from apiward.core.detection import EVERYBODY, Detection
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState, Moment, MomentKind
from apiward.watch.gathering import MOST_PARTS
from apiward.watch.incidents import DAY_S, HOUR_S, GroupingSettings, Incidents
from apiward.watch.timelines import with_moments

DAY = GroupingSettings(quiet_h=24, crowd=3)
STUFFING, TAKEOVER = "accounts.stuffing", "accounts.takeover"


def seen(
    at_s: float = 0.0,
    *,
    rule: str = STUFFING,
    who: str = "address:192.0.2.7",
    count: int = 1,
    since_s: float | None = None,
    severity: Severity = Severity.MEDIUM,
    **more: object,
) -> Detection:
    first_s = at_s if since_s is None else since_s
    return Detection(rule, who, severity, first_s, at_s, count, **more)  # type: ignore[arg-type]


def grouping(options: GroupingSettings = DAY) -> Incidents:
    return Incidents(load_incident_words(), options, title=lambda rule: f"the words of {rule}")


def only(incidents: Incidents) -> Incident:
    (one,) = incidents.known()
    return one


def kinds(one: Incident) -> list[str]:
    return [moment.kind.value for moment in one.timeline]


def test_one_attack_is_one_incident_that_counts() -> None:
    incidents = grouping()
    (first,) = incidents.take([seen(0.0, count=10)], 0.0)
    (again,) = incidents.take([seen(60.0, count=70, since_s=0.0)], 60.0)
    assert (first.count, again.count, again.id) == (10, 70, first.id)
    assert incidents.id_of(seen(60.0, count=70, since_s=0.0)) == first.id
    assert incidents.id_of(seen(who="user:9")) == ""
    assert (again.first_s, again.last_s, again.state) == (0.0, 60.0, IncidentState.OPEN)
    assert kinds(again) == ["seen"]
    assert "10 requests" in again.timeline[0].said
    (more,) = incidents.take([seen(90.0, count=5, since_s=80.0)], 90.0)
    assert more.count == 75


@pytest.mark.long
def test_a_hundred_thousand_equal_attacks_are_one_incident_with_the_right_count() -> None:
    incidents = grouping()
    told = [incidents.take([seen(float(n), count=n + 1, since_s=0.0)], float(n)) for n in range(100_000)]
    assert {one.id for (one,) in told} == {only(incidents).id}
    assert only(incidents).count == 100_000
    assert kinds(only(incidents)) == ["seen"]
    assert len(incidents.state()) < 2_000


def test_many_short_attacks_of_one_caller_are_summed_up_in_bounded_memory() -> None:
    incidents = grouping()
    attacks = [seen(float(n * 10), count=3) for n in range(4 * MOST_PARTS)]
    incidents.take(attacks, attacks[-1].last_s)
    before = incidents.state()
    assert only(incidents).count == 3 * 4 * MOST_PARTS
    assert len(before) < 80 * MOST_PARTS
    assert incidents.take(attacks, attacks[-1].last_s) == ()
    assert incidents.state() == before


def test_others_and_other_techniques_are_incidents_of_their_own() -> None:
    incidents = grouping()
    incidents.take([seen(), seen(who="user:7"), seen(rule="objects.enumeration"), seen(is_drill=True)], 0.0)
    assert len({one.id for one in incidents.known()}) == 4
    assert [one.is_drill for one in incidents.known()] == [False, False, False, True]


def test_what_is_a_part_of_another_joins_it_where_the_same_caller_does_it_in_the_same_hour() -> None:
    incidents = grouping()
    incidents.take([seen(0.0, count=500)], 0.0)
    takeover = seen(600.0, rule=TAKEOVER, count=3, severity=Severity.CRITICAL, touched=("user:7", "user:8"))
    (one,) = incidents.take([takeover], 600.0)
    assert (one.rule, one.severity, one.count, one.touched_count) == (TAKEOVER, Severity.CRITICAL, 500, 2)
    assert kinds(one) == ["seen", "seen", "worse"]
    assert "the words of accounts.takeover" in one.timeline[1].said
    assert dict(one.facts)["touched.user"] == "2"
    incidents.take([replace(takeover, who="address:192.0.2.8")], 600.0)
    incidents.take([replace(takeover, rule="objects.enumeration")], 600.0)
    assert len(incidents.known()) == 3


def test_a_part_that_comes_hours_later_is_an_incident_of_its_own() -> None:
    incidents = grouping()
    incidents.take([seen(0.0), seen(2 * HOUR_S, rule=TAKEOVER)], 2 * HOUR_S)
    assert len(incidents.known()) == 2


def test_severity_only_rises() -> None:
    incidents = grouping()
    incidents.take([seen(severity=Severity.HIGH), seen(5.0, severity=Severity.LOW)], 5.0)
    assert only(incidents).severity is Severity.HIGH
    (one,) = incidents.take([seen(9.0, severity=Severity.CRITICAL)], 9.0)
    assert (one.severity, kinds(one)[-1]) == (Severity.CRITICAL, "worse")


def test_what_is_quiet_closes_and_what_comes_back_is_reopened() -> None:
    incidents = grouping()
    incidents.take([seen(0.0)], 0.0)
    assert incidents.take([], DAY_S - 1) == ()
    (closed,) = incidents.take([], DAY_S)
    assert (closed.state, closed.timeline[-1].at_s) == (IncidentState.CLOSED, DAY_S)
    assert incidents.take([], 2 * DAY_S) == ()
    (back,) = incidents.take([seen(5 * DAY_S)], 5 * DAY_S)
    assert (back.state, back.id, back.count) == (IncidentState.REOPENED, closed.id, 2)
    (again,) = incidents.take([], 6 * DAY_S)
    assert again.state is IncidentState.CLOSED
    (new,) = incidents.take([seen(90 * DAY_S)], 90 * DAY_S)
    assert (new.state, new.id == closed.id) == (IncidentState.OPEN, False)


def test_old_events_that_are_read_once_more_are_known_again() -> None:
    incidents = grouping()
    stream = [seen(0.0), seen(40 * DAY_S), seen(80 * DAY_S)]
    incidents.take(stream, 80 * DAY_S)
    before = incidents.known()
    assert len(before) == 3
    assert incidents.take(stream, 80 * DAY_S) == ()
    restarted = grouping()
    restarted.restore(incidents.state())
    assert restarted.take(stream, 80 * DAY_S) == ()
    assert restarted.known() == before


def test_who_reads_ahead_of_the_events_closes_nothing_for_good() -> None:
    incidents = grouping()
    incidents.take([seen(0.0)], 90 * DAY_S)
    assert only(incidents).state is IncidentState.CLOSED
    (one,) = incidents.take([seen(HOUR_S, count=4)], 90 * DAY_S)
    assert kinds(one) == ["seen", "closed"]
    assert one.timeline[-1].at_s == HOUR_S + DAY_S


@pytest.mark.parametrize("kind", [MomentKind.CLOSED, MomentKind.CONTAINED])
def test_what_goes_on_although_it_was_ended_is_reopened(kind: MomentKind) -> None:
    incidents = grouping()
    incidents.take([seen(0.0)], 0.0)
    ended = with_moments(only(incidents), Moment(100.0, kind, "By hand.", "owner:ada"))
    assert incidents.hear([ended]) == (ended,)
    assert incidents.hear([ended]) == ()
    (late,) = incidents.take([seen(130.0, count=9, since_s=0.0)], 130.0)
    assert late.state is ended.state  # what was under way
    (one,) = incidents.take([seen(300.0, count=19, since_s=0.0)], 300.0)
    assert one.state is IncidentState.REOPENED


def test_an_undone_block_leaves_it_open() -> None:
    incidents = grouping()
    incidents.take([seen(0.0)], 0.0)
    held = with_moments(only(incidents), Moment(9.0, MomentKind.CONTAINED, "Held.", "owner:ada"))
    undone = with_moments(held, Moment(10.0, MomentKind.UNDONE, "In again.", "owner:ada"))
    assert (held.state, undone.state) == (IncidentState.CONTAINED, IncidentState.OPEN)
    assert incidents.hear([undone])[0].state is IncidentState.OPEN


def test_nobody_is_heard_about_what_is_not_known() -> None:
    incidents = grouping()
    incidents.take([seen(0.0)], 0.0)
    stranger = replace(only(incidents), id="0000000000")
    assert incidents.hear([stranger, only(incidents)]) == ()


def test_a_crowd_is_one_incident() -> None:
    incidents = grouping()
    crowd = [seen(float(n), who=f"address:192.0.2.{n}", count=2) for n in range(50)]
    incidents.take(crowd, 50.0)
    assert [one.who for one in incidents.known()][:3] == [f"address:192.0.2.{n}" for n in range(3)]
    together = incidents.known()[3]
    assert (together.who, together.count, len(incidents.known())) == (EVERYBODY, 47 * 2, 4)
    incidents.take(crowd, 50.0)
    assert (incidents.known()[3].count, len(incidents.known())) == (47 * 2, 4)
    restarted = grouping()
    restarted.restore(incidents.state())
    late = seen(60.0, who="address:192.0.2.99")
    assert [one.id for one in restarted.take([late], 60.0)] == [together.id]
    incidents.take([seen(DAY_S, who="address:198.51.100.1")], DAY_S)
    assert incidents.known()[4].who == "address:198.51.100.1"


def test_the_incident_that_was_quiet_for_longest_makes_room() -> None:
    incidents = grouping(GroupingSettings(most=10, crowd=100))
    incidents.take([seen(float(n), who=f"user:{n}") for n in range(15)], 15.0)
    assert [one.who for one in incidents.known()] == [f"user:{n}" for n in range(5, 15)]
    restarted = grouping()
    restarted.restore(incidents.state())
    assert restarted.known() == incidents.known()


def test_the_form_of_before_is_gone_on_from() -> None:
    incidents = grouping()
    incidents.take([seen(float(n), who=f"user:{n}") for n in range(3)], 3.0)
    kept = [json.loads(home.packed()) for home in incidents._kept.values()]
    homes = [["accounts.stuffing", f"user:{n}", False, [one["incident"][0]]] for n, one in enumerate(kept)]
    restarted = grouping()
    restarted.restore(json.dumps({"homes": homes, "begun": [], "kept": kept}).encode())
    assert restarted.known() == incidents.known()


_HEAD = zlib.compress(b'{"homes":[],"begun":[]}')


def test_only_what_has_changed_is_written_anew() -> None:
    incidents = grouping(GroupingSettings(crowd=1_000))
    incidents.take([seen(float(n), who=f"user:{n}") for n in range(200)], 200.0)
    before = incidents.state()
    assert incidents.state() == before
    pieces = [home.packed() for home in incidents._kept.values()]
    incidents.take([seen(201.0, who="user:70", count=9)], 201.0)
    after = [home.packed() for home in incidents._kept.values()]
    assert [at for at, (one, other) in enumerate(zip(pieces, after, strict=True)) if one is not other] == [70]
    restarted = grouping(GroupingSettings(crowd=1_000))
    restarted.restore(incidents.state())
    assert restarted.known() == incidents.known()
    assert restarted.state() == incidents.state()


@pytest.mark.parametrize(
    "state",
    [
        b"", b"{}", b"{", b'{"kept":[1]}', b"[]", zlib.compress(b"[]"), _HEAD[:-9], _HEAD + b"x",
        _HEAD + zlib.compress(b"[{}]"), _HEAD + zlib.compress(b"[1]"), zlib.compress(b"no json"), zlib.compress(b"{}"),
    ],
)  # fmt: skip
def test_a_damaged_state_is_told(state: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        grouping().restore(state)


DETECTIONS = st.lists(
    st.builds(
        lambda wait, rule, who, more, severity, is_new: (wait, rule, who, more, severity, is_new),
        st.sampled_from([0.0, 30.0, 0.4 * HOUR_S, 5 * HOUR_S, 30 * HOUR_S, 40 * DAY_S]),
        st.sampled_from([STUFFING, TAKEOVER, "objects.enumeration"]),
        st.sampled_from([f"address:192.0.2.{n}" for n in range(6)] + [EVERYBODY]),
        st.integers(1, 5),
        st.sampled_from(Severity),
        st.booleans(),
    ),
    max_size=30,
)


def _stream(drawn: list[tuple[float, str, str, int, Severity, bool]]) -> list[Detection]:
    now_s, found = 0.0, []
    going: dict[tuple[str, str], Detection] = {}
    for wait_s, rule, who, more, severity, is_new in drawn:
        now_s += wait_s
        before = going.get((rule, who))
        if before is None or is_new or now_s - before.last_s > HOUR_S:
            made = seen(now_s, rule=rule, who=who, count=more, severity=severity, touched=(f"user:{more}",))
        else:
            made = replace(before, last_s=now_s, count=before.count + more, severity=severity)
        going[rule, who] = made
        found.append(made)
    return found


@settings(deadline=None)
@given(
    drawn=DETECTIONS, cuts=st.lists(st.integers(1, 5), max_size=30), is_twice=st.booleans(), is_restarted=st.booleans()
)
def test_the_same_events_give_the_same_incidents_however_they_are_read(
    *, drawn: list[tuple[float, str, str, int, Severity, bool]], cuts: list[int], is_twice: bool, is_restarted: bool
) -> None:
    stream = _stream(drawn)
    end_s = (stream[-1].last_s if stream else 0.0) + 2 * HOUR_S
    whole = grouping()
    whole.take(stream, end_s)
    pieces = grouping()
    rest = iter(stream)
    for size in itertools.chain(cuts, itertools.repeat(1)):
        batch = list(itertools.islice(rest, size))
        if not batch:
            break
        changed = pieces.take(batch, batch[-1].last_s)
        assert set(changed) <= set(pieces.known())
        if is_twice:
            assert pieces.take(batch, batch[-1].last_s) == ()
        if is_restarted:
            state = pieces.state()
            pieces = grouping()
            pieces.restore(state)
    pieces.take([], end_s)
    assert {one.id: one for one in pieces.known()} == {one.id: one for one in whole.known()}


def test_the_numbers_of_another_rule_are_not_taken_for_those_of_this_one() -> None:
    incidents = grouping()
    counted = replace(
        seen(rule="objects.enumeration", severity=Severity.MEDIUM), facts=(("objects", "57"), ("missing", "50"))
    )
    foreign = replace(
        seen(rule="objects.foreign", severity=Severity.MEDIUM), facts=(("objects", "1"), ("given", "refused"))
    )
    incidents.take([counted, foreign], 10.0)
    one = only(incidents)
    assert (one.rule, dict(one.facts)) == ("objects.enumeration", {"missing": "50", "objects": "57"})
    worse = replace(
        foreign, severity=Severity.HIGH, count=2, last_s=foreign.last_s + 1, facts=(("given", "given out"),)
    )
    incidents.take([worse], 20.0)
    one = only(incidents)
    assert (one.rule, dict(one.facts)) == ("objects.foreign", {"given": "given out"})


def test_nobody_is_asked_for_where_the_service_itself_does_it() -> None:
    incidents = grouping()
    incidents.take([seen(rule="service.silence", who=EVERYBODY)], 10.0)
    one = only(incidents)
    assert not any(text.startswith("Who is behind it") for text in one.unknown)
    assert "0 requests" in one.timeline[0].said
    crowd = grouping()
    crowd.take([seen(who=EVERYBODY)], 10.0)
    assert any(text.startswith("Who is behind it") for text in only(crowd).unknown)
