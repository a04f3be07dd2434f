from apiward.core.decision import Effect
from apiward.guard.conducts.trails import MAX_TRAILS, TrailLimits, Trails

LIMITS = TrailLimits(misses=5, steps=10)


def trails() -> Trails:
    return Trails(LIMITS)


def miss(made: Trails, number: int, *, who: str = "user:1", is_anonymous: bool = False, at_s: float = 0.0) -> None:
    made.after(who, "GET /a/{id}", (f"x{number}",), 404, at_s, is_anonymous=is_anonymous)


def test_guessing_ids_is_refused_for_a_time() -> None:
    made = trails()
    for number in range(6):
        miss(made, number)
    said = made.before("user:1", "GET /a/{id}", 1.0)
    assert said is not None
    assert (said.rule, said.effect) == ("conduct.enumeration", Effect.DENY)
    assert said.retry_after_s
    assert made.before("user:2", "GET /a/{id}", 1.0) is None
    assert made.before("user:1", "GET /b/{id}", 1.0) is None
    assert made.before("user:1", "GET /a/{id}", 601.0) is None


def test_the_same_absent_thing_again_is_no_guess() -> None:
    made = trails()
    for _ in range(50):
        miss(made, 1)
    assert made.is_calm


def test_strangers_share_addresses_and_have_more_room() -> None:
    made = trails()
    for number in range(15):
        miss(made, number, who="at:a", is_anonymous=True)
    assert made.is_calm
    miss(made, 16, who="at:a", is_anonymous=True)
    assert not made.is_calm


def test_misses_long_apart_do_not_add_up() -> None:
    made = trails()
    for number in range(20):
        miss(made, number, at_s=number * 300.0)
    assert made.is_calm


def test_walking_is_noted_once() -> None:
    made = trails()
    for number in range(12):
        made.after("user:1", "GET /a/{id}", (str(number),), 200, 0.0, is_anonymous=False)
    said = made.before("user:1", "GET /a/{id}", 1.0)
    assert said is not None
    assert (said.rule, said.effect) == ("conduct.walk", Effect.NOTE)
    assert made.before("user:1", "GET /a/{id}", 1.0) is None


def test_jumping_is_not_walking() -> None:
    made = trails()
    for number in range(60):
        made.after("user:1", "GET /a/{id}", (str(number * 7 % 50),), 200, 0.0, is_anonymous=False)
    assert made.is_calm


def test_memory_is_bounded() -> None:
    made = trails()
    for number in range(MAX_TRAILS + 500):
        miss(made, 1, who=f"user:{number}")
    assert len(made._trails) == MAX_TRAILS
