import re

import pytest

from apiward.guard.shapes.formats import FORMATS, is_usable


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date-time", "2026-01-02T03:04:05.123456+01:00", "2026-01-02' or '1"),
        ("date-time", "1767322800", "today"),
        ("date", "2026-01-02", "2026-01-02;"),
        ("time", "10:30 PM", "noon"),
        ("uuid", "urn:uuid:5f0c1c2e-3b1a-4d2f-9a3b-000000000001", "5f0c1c2e-3b1a-4d2f-9a3b-00000000000x"),
        ("email", "ann.o'neil+shop@mail.example", "ann"),
        ("email", "ännchen@müller.example", "<a@b>"),
        ("ipv4", "192.0.2.1", "example.com"),
        ("ipv6", "2001:db8::1", "2001:db8::g"),
        ("byte", "aGVsbG8gd29ybGQ=", "<script>"),
    ],
)
def test_formats_take_what_frameworks_take_and_no_other_text(name: str, good: str, bad: str) -> None:
    assert re.search(FORMATS[name], good)
    assert not re.search(FORMATS[name], bad)
    assert re.search(FORMATS[name], "") is not None


def test_formats_themselves_can_be_used() -> None:
    assert all(is_usable(pattern) for pattern in FORMATS.values())


def test_patterns_that_cannot_run_in_linear_time_are_told() -> None:
    assert is_usable(r"^[A-Z]{2}\d+$")
    assert is_usable("(a+)+$")
    assert not is_usable(r"(?=a)b")
    assert not is_usable(r"(a)\1")
    assert not is_usable("(")
    assert not is_usable("((a{100}){100}){100}")
