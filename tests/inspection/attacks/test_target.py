import pytest

from apiward.inspection.attacks.target import DETECTOR
from apiward.inspection.model import View


def rule(text: str) -> str | None:
    seen = DETECTOR.look(View(text, text.lower()))
    return seen.rule if seen is not None and seen.score >= 0.5 else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://2852039166/", "target.metadata"),
        ("http://[fd00:ec2::254]/", "target.metadata"),
        ("http://instance-data/", "target.metadata"),
        ("http://0x7f.0.0.1/", "target.spelling"),
        ("http://127.1/", "target.spelling"),
        ("http://[::ffff:10.0.0.1]/", "target.spelling"),
        ("http://127.0.0.1/", "target.loopback"),
        ("http://[::1]/", "target.loopback"),
        ("http://[fe80::1%25eth0]/", "target.loopback"),
        ("http://localhost:6379/", "target.loopback"),
        ("http://10.0.0.1:22/", "target.private"),
        ("http://db.internal/", "target.inner-name"),
        ("http://a.nip.io/", "target.alias"),
        ("gopher://x/_a", "target.scheme"),
    ],
)
def test_inner_targets(text: str, expected: str) -> None:
    assert rule(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/",
        "http://8.8.8.8/",
        "http://localhost:3000/cb",
        "http://127.0.0.1:8000/cb",
        "http://10.0.0.1/a",
        "http://1.2.3.4.5/",
        "http://999.1.1.1/",
        "http://256/",
        "http://[::zz]/",
        "http://099.1.1.1/",
        "see http://127.0.0.1/ for more of it",
        "//cdn.example.com",
        "http://v1.2/",
    ],
)
def test_other_targets(text: str) -> None:
    assert rule(text) in {None, "target.spelling" if text == "http://256/" else None}


def test_only_some_addresses_of_a_text_are_judged() -> None:
    assert rule("http://8.8.8.8/ " * 30 + "http://127.1/") is None
