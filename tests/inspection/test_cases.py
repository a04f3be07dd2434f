"""Every attack of our own list is seen, also encoded; nothing ordinary is, in any field."""

import base64
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from apiward.inspection.api import inspect_text
from apiward.inspection.bodies import inspect_field
from apiward.inspection.detectors import DETECTORS
from apiward.inspection.model import AttackClass, Profile

CASES = Path(__file__).with_name("cases")
ATTACKS: dict[str, list[str]] = tomllib.loads((CASES / "attacks.toml").read_text(encoding="utf-8"))
ORDINARY: dict[str, list[str]] = tomllib.loads((CASES / "ordinary.toml").read_text(encoding="utf-8"))
SAID_MISSES = {"*()|&'"}
"""Probes without a meaning of their own: a real filter is needed to tell them from noise."""

ENCODINGS: dict[str, Callable[[str], str]] = {
    "percent": lambda text: quote(text, safe=""),
    "percent twice": lambda text: quote(quote(text, safe=""), safe=""),
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "escapes": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "full width": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
}


def pairs(groups: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(group, text) for group, texts in groups.items() for text in texts]


@pytest.mark.parametrize(("group", "text"), pairs(ATTACKS))
def test_attack_is_seen(group: str, text: str) -> None:
    assert (inspect_field("value", text) is None) is (text in SAID_MISSES), group


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_attacks_are_seen_through_encodings(encode: Callable[[str], str]) -> None:
    missed = [text for _, text in pairs(ATTACKS) if text not in SAID_MISSES and not inspect_field("q", encode(text))]

    assert missed == []


def test_long_attacks_are_seen_inside_base64() -> None:
    long = [text for _, text in pairs(ATTACKS) if len(text) > 30 and text.isascii()]
    seen = [text for text in long if inspect_field("q", base64.b64encode(text.encode()).decode())]

    assert len(seen) >= 0.95 * len(long)


@pytest.mark.parametrize(("group", "text"), pairs(ORDINARY))
def test_ordinary_text_passes(group: str, text: str) -> None:
    assert inspect_field("value", text) is None, group
    assert inspect_field("note", text) is None, group
    assert inspect_text(text, Profile.HEADER) is None, group


@pytest.mark.parametrize("encode", [str.upper, str.lower, lambda text: base64.b64encode(text.encode()).decode()])
def test_ordinary_text_passes_in_other_spellings(encode: Callable[[str], str]) -> None:
    assert [text for _, text in pairs(ORDINARY) if inspect_field("q", encode(text))] == []


def test_ordinary_text_passes_in_pairs() -> None:
    texts = [text for group in ("names", "prose", "addresses", "prices") for text in ORDINARY[group]]
    joined = [f"{one}. {two}" for one, two in pairwise(texts)]

    assert [text for text in joined if inspect_field("note", text)] == []


def test_lists_are_as_long_as_said() -> None:
    assert all(len(texts) >= 15 for name, texts in ATTACKS.items() if name != "hidden")
    assert len(pairs(ORDINARY)) >= 300
    assert {*ATTACKS} == {*map(str, AttackClass), "hidden"}


@pytest.mark.parametrize("attack", sorted({detector.attack for detector in DETECTORS}))
def test_each_class_is_named_for_most_of_its_own(attack: AttackClass) -> None:
    hits = [inspect_text(text) for text in ATTACKS[attack]]

    assert sum(hit is not None and hit.attack is attack for hit in hits) >= len(hits) / 3
