from apiward.core.decision import Decision, Effect
from apiward.guard.conducts.guessing import MAX_HELD, Attempt, Guessing, GuessLimits, Outcome
from tests.guard.calls import NOW_S, FakeCounters

LIMITS = GuessLimits(pair=5, address=12, free=2)


class Scene:
    """Log-ins one after the other, a second apart."""

    def __init__(self) -> None:
        self.guessing = Guessing(LIMITS, FakeCounters())
        self.now_s = NOW_S

    def log_in(self, account: str, where: str, *more: str, good: bool = False) -> Decision | None:
        attempt = Attempt((account, *more), where)
        said = self.guessing.before(attempt, self.now_s)
        self.now_s += 1
        if said is None or said.delay_s:
            attempt.outcome = Outcome.GOOD if good else Outcome.BAD
            self.guessing.after(attempt, self.now_s)
        return said


def test_guessing_is_slowed_then_refused() -> None:
    scene = Scene()
    said = [scene.log_in("jo", "a") for _ in range(7)]
    assert said[:3] == [None, None, None]
    delays = [one.delay_s for one in said[3:5] if one and one.effect is Effect.DELAY]
    assert len(delays) == 2
    assert delays[0] < delays[1]
    assert [one.rule for one in said[5:] if one] == ["conduct.guessing"] * 2


def test_the_account_stays_open_elsewhere() -> None:
    scene = Scene()
    for _ in range(10):
        scene.log_in("jo", "attacker")
    said = scene.log_in("jo", "home", good=True)
    assert said is None or said.effect is Effect.DELAY


def test_nobody_can_lock_an_owner_out_of_a_known_place() -> None:
    scene = Scene()
    scene.log_in("jo", "home", good=True)
    for number in range(60):
        scene.log_in("jo", f"attacker{number}")
    assert scene.log_in("jo", "home", good=True) is None


def test_trying_many_accounts_from_one_place() -> None:
    scene = Scene()
    scene.log_in("owner", "office", good=True)
    said = [scene.log_in(f"account{number}", "office") for number in range(14)]
    assert said[11] is None or said[11].effect is Effect.DELAY
    assert [one.rule for one in said[12:] if one] == ["conduct.stuffing"] * 2
    assert scene.log_in("owner", "office", good=True) is None


def test_a_wave_slows_new_places_only() -> None:
    scene = Scene()
    scene.log_in("jo", "home", good=True)
    for number in range(60):
        scene.log_in(f"account{number}", f"place{number}")
    said = scene.log_in("new", "elsewhere")
    assert said is not None
    assert (said.rule, said.effect) == ("conduct.wave", Effect.DELAY)
    assert scene.log_in("jo", "home") is None


def test_ordinary_failures_are_no_wave() -> None:
    scene = Scene()
    for number in range(200):
        scene.log_in(f"account{number}", f"place{number}", good=number % 3 > 0)
    assert scene.log_in("new", "elsewhere") is None


def test_many_at_once_count_before_they_end() -> None:
    guessing = Guessing(LIMITS, FakeCounters())
    said = [guessing.before(Attempt(("jo",), "a"), NOW_S) for _ in range(20)]
    assert sum(1 for one in said if one is None or one.effect is Effect.DELAY) == LIMITS.pair


def test_the_waiting_room_has_walls() -> None:
    guessing = Guessing(GuessLimits(pair=10_000, free=1), FakeCounters())
    said = [guessing.before(Attempt(("jo",), "a"), NOW_S) for _ in range(MAX_HELD + 50)]
    assert sum(1 for one in said if one) == MAX_HELD


def test_an_unknown_end_counts_for_nothing() -> None:
    guessing = Guessing(LIMITS, FakeCounters())
    for _ in range(30):
        attempt = Attempt(("jo",), "a")
        assert guessing.before(attempt, NOW_S) is None
        guessing.after(attempt, NOW_S)


def test_a_made_up_name_beside_the_real_one_hides_nothing() -> None:
    scene = Scene()
    said = [scene.log_in(f"decoy{number}", "a", "jo") for number in range(6)]
    assert said[-1] is not None
    assert said[-1].rule == "conduct.guessing"


def test_an_account_of_ones_own_opens_no_other() -> None:
    scene = Scene()
    scene.log_in("own", "a", good=True)
    said = [scene.log_in(f"account{number}", "a", "own") for number in range(14)]
    assert said[-1] is not None
    assert said[-1].effect is Effect.DENY
