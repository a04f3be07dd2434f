from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apiward.app.watching.sources.cutting import LineCutter
from apiward.watch.logs.model import MAX_LINE


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=6))
def test_lines_do_not_depend_on_how_the_bytes_come(data: bytes, cuts: list[int]) -> None:
    cutter = LineCutter()
    lines: list[str] = []
    at = 0
    for cut in [*sorted(cuts), len(data)]:
        lines += cutter.feed(data[at : max(cut, at)])
        at = max(cut, at)
    lines += cutter.end()
    parts = data.split(b"\n")
    wanted = parts if parts[-1] else parts[:-1]
    assert lines == [part.decode("utf-8", "backslashreplace") for part in wanted]
    assert (cutter.offset, cutter.number) == (len(data), len(wanted))


def test_a_line_without_an_end_takes_no_memory() -> None:
    cutter = LineCutter()
    for _ in range(100):
        assert cutter.feed(b"x" * 100_000) == []
    assert len(cutter._rest) == 0
    found = cutter.feed(b"x\nnext\n")
    assert [len(line) for line in found] == [MAX_LINE + 1, 4]
    assert (cutter.offset, cutter.number) == (10_000_000 + 7, 2)


def test_a_line_without_an_end_at_the_end() -> None:
    cutter = LineCutter(5, 1)
    cutter.feed(b"x" * 400_000)
    assert [len(line) for line in cutter.end()] == [MAX_LINE + 1]
    assert (cutter.offset, cutter.number) == (400_005, 2)
    assert cutter.end() == []
