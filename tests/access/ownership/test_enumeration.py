from apiward.access.ownership.enumeration import HOUR_S, Walks


def test_numbers_in_a_row_are_seen_soon() -> None:
    walks = Walks()
    told = [walks.reached(1, 9, n, str(n), 10.0, is_strange=True) for n in range(30)]
    assert any(told)
    assert not any(told[:20])


def test_many_strange_objects_are_seen_without_a_row() -> None:
    walks = Walks()
    told = [walks.reached(1, 9, n, f"x{n * 7}", 10.0, is_strange=True) for n in range(60)]
    assert not any(told[:40])
    assert all(told[41:])


def test_ones_own_objects_may_be_many_and_in_a_row() -> None:
    walks = Walks()
    assert not any(walks.reached(1, 9, n, str(n), 10.0, is_strange=False) for n in range(500))


def test_habit_and_peers_raise_what_is_usual() -> None:
    walks = Walks()
    for hour in range(2):
        for n in range(50):
            walks.reached(1, 9, n, f"x{n}", hour * HOUR_S, is_strange=False)
    walks.reached(1, 9, 0, "x", 2 * HOUR_S, is_strange=False)
    busy = [walks.reached(2, 9, n, f"y{n}", 3 * HOUR_S, is_strange=True) for n in range(200)]
    assert not any(busy[:150])
    assert any(busy[150:])


def test_the_same_object_again_counts_once() -> None:
    walks = Walks()
    assert not any(walks.reached(1, 9, 7, "7", 10.0, is_strange=True) for _ in range(500))


def test_a_theft_becomes_no_habit() -> None:
    walks = Walks()
    for hour in range(5):
        told = [walks.reached(1, 9, n + hour * 1000, f"z{n}", hour * HOUR_S, is_strange=True) for n in range(60)]
        assert any(told), hour
