from apiward.access.people.pace import FORGET_S, FREE, FREE_OF_ADDRESS, FREE_UNDER_ATTACK, LONGEST_KNOWN_S, MOST, Pace


def paced() -> tuple[Pace, list[float]]:
    now = [1_000.0]
    return Pace(lambda: now[0]), now


def test_wrong_tries_slow_down_who_makes_them_and_nobody_else() -> None:
    pace, now = paced()
    waits = []
    for _ in range(FREE + 3):
        waits.append(pace.wait_s("anna", "a"))
        now[0] += pace.wait_s("anna", "a")
        pace.fail("anna", "a")
    assert waits == [*[0.0] * FREE, 2.0, 4.0, 8.0]
    assert (pace.wait_s("anna", "b"), pace.wait_s("ben", "a")) == (0.0, 0.0)
    now[0] += FORGET_S
    assert pace.wait_s("anna", "a") == 0.0


def test_one_address_does_not_try_one_password_with_everybody() -> None:
    pace, _ = paced()
    for number in range(FREE_OF_ADDRESS):
        pace.fail(f"user{number}", "a")
    assert pace.wait_s("anna", "a") > 0
    assert pace.wait_s("anna", "b") == 0


def test_an_owner_is_never_locked_out_by_others_tries() -> None:
    pace, _ = paced()
    for number in range(500):
        pace.fail("anna", f"bot{number}")
    assert pace.wrong("anna") == 500
    for _ in range(FREE_UNDER_ATTACK):
        assert pace.wait_s("anna", "home") == 0.0
        pace.fail("anna", "home")
    assert 0 < pace.wait_s("anna", "home") <= 2.0
    for number in range(30):
        pace.fail("anna", "home", known="browser")
        assert pace.wait_s("anna", "home", known="browser") <= LONGEST_KNOWN_S, number
    assert pace.wait_s("anna", "home", known="another") == 0.0
    assert pace.wrong("anna") == 502  # those of a known browser are no attack


def test_a_right_one_forgets_the_wrong_ones_of_who_made_it_good() -> None:
    pace, _ = paced()
    for _ in range(FREE):
        pace.fail("anna", "a")
        pace.fail("anna", "b")
    pace.succeed("anna", "a")
    assert (pace.wait_s("anna", "a"), pace.wait_s("anna", "b")) == (0.0, 2.0)


def test_memory_has_a_bound() -> None:
    pace, _ = paced()
    for number in range(MOST):
        pace.fail("anna", f"bot{number}")
    assert len(pace._counts) == MOST
