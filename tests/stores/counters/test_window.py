from apiward.stores.counters.window import Window


def test_the_last_window_reaches_in_by_the_part_that_is_left_of_it() -> None:
    window = Window(-1)
    assert window.count(10, 60, 30.0, 10).remaining == 0
    assert window.count(10, 60, 75.0, 0).remaining == 2
    assert window.count(10, 60, 90.0, 0).remaining == 5
    assert window.count(10, 60, 120.0, 0).remaining == 10


def test_it_is_whole_again_when_what_was_counted_has_left() -> None:
    window = Window(-1)
    assert window.count(10, 60, 60.0, 1).reset_s == 120.0
    assert window.count(10, 60, 120.0, 0).reset_s == 60.0
