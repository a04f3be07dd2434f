import json
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import Json
from apiward.guard.wire.json_text import JsonRules
from apiward.guard.wire.unfit import UnfitError

RULES = JsonRules()
TEXTS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"))
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def rule_of(raw: bytes, rules: JsonRules = RULES) -> str:
    try:
        rules.read(raw)
    except UnfitError as unfit:
        return unfit.rule.removeprefix("protocol.")
    return "fits"


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_sound_json_is_read_as_the_standard_library_reads_it(value: Json, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001 - drawn by hypothesis
    raw = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    if b"e" not in raw and b"E" not in raw:
        assert RULES.read(raw) == json.loads(raw)


@given(VALUES, st.text(st.sampled_from('a:"\\{}é'), max_size=4), st.sampled_from(["", "\\u003a", ":", "x\\u003A:"]))
def test_a_repeated_key_is_found_wherever_it_stands(value: Json, key: str, noise: str) -> None:
    name, inner = json.dumps(key), json.dumps(value)
    assert rule_of(f'{{"n": "{noise}", {name}: {inner}, "z": [{{}}], {name}: {inner}}}'.encode()) == "duplicate-key"
    assert rule_of(f'[[1, {{"a": {{{name}: "{noise}", {name} : 2}}}}]]'.encode()) == "duplicate-key"


def test_a_key_repeated_in_another_spelling_is_found() -> None:
    assert rule_of(b'{"role": "user", "\\u0072ole": "admin"}') == "duplicate-key"
    assert rule_of(b'{"a:b": 1, "a\\u003ab": 2}') == "duplicate-key"
    assert rule_of(b'{"a:b": 1, "a": "\\u003a"}') == "fits"
    assert rule_of(b'{"a": {"x": 1}, "b": {"x": 1}}') == "fits"


def test_the_place_of_a_repeated_key_is_said_but_odd_names_are_not() -> None:
    with pytest.raises(UnfitError) as caught:
        RULES.read(b'{"price": 1, "price": 2}')
    assert caught.value.place == "body price"
    with pytest.raises(UnfitError) as caught:
        RULES.read(b'{"<b>\\n": 1, "<b>\\n": 2}')
    assert caught.value.place == "body"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" ", b"{", b"[1,]", b'{"a":1,}', b"NaN", b"[Infinity]", b"-Infinity", b"\xef\xbb\xbf{}", b"{}x", b"{} {}",
        b"'a'", b"{a:1}", b"01", b"+1", b".5", b"1.", b'"\xff"', b'"\xc0\xaf"', b'"\xed\xa0\x80"', b'"\\ud800"',
        b'"\\x41"', b'"\t"', b"//\n1", b"[1 2]", b"\x00", b'{"a\\u0000":1}', b'["\\\\\\u0000"]', b"\xff\xfe1\x00",
    ],
)  # fmt: skip
def test_what_is_no_plain_json_is_refused(raw: bytes) -> None:
    assert rule_of(raw) == "json"


def test_a_backslash_before_a_nul_escape_makes_it_text() -> None:
    assert RULES.read(b'["\\\\u0000"]') == ["\\u0000"]


def test_depth_is_counted_exactly() -> None:
    rules = JsonRules(deepest=3)
    assert rule_of(b"[[[1]]]", rules) == "fits"
    assert rule_of(b"[[[[]]]]", rules) == "json-too-deep"
    assert rule_of(b'[{"a": [{}]}]', rules) == "json-too-deep"
    assert rule_of(b'[{"a": []}, {"b": []}, {"c": []}, "[[[[[", [], [], []]', rules) == "fits"
    assert rule_of(b"[" * 100_000 + b"]" * 100_000) == "json-too-deep"
    assert rule_of(b'{"a":' * 100_000) in {"json", "json-too-deep"}


def test_brackets_in_texts_do_not_hide_depth() -> None:
    raw = b'["]",' * 40 + b"1" + b"]" * 40
    assert rule_of(raw) == "json-too-deep"


def test_keys_and_values_are_counted() -> None:
    rules = JsonRules(most_keys=3, most_items=6)
    assert rule_of(b'{"a":1,"b":2,"c":3}', rules) == "fits"
    assert rule_of(b'{"a":{"b":1},"c":{"d":2}}', rules) == "json-too-large"
    assert rule_of(b"[1,2,3,4,5]", rules) == "fits"
    assert rule_of(b"[1,2,3,[4,5]]", rules) == "json-too-large"
    assert rule_of(b'{"a":"::::,,,,,,[[[{{{"}', rules) == "fits"


def test_long_texts_are_refused_as_values_and_as_keys() -> None:
    rules = JsonRules(longest_text=10)
    assert rule_of(b'["0123456789", "0123456789"]', rules) == "fits"
    assert rule_of(b'["01234567890"]', rules) == "json-too-large"
    assert rule_of(b'{"01234567890": 1}', rules) == "json-too-large"
    assert rule_of(b'["' + b'\\"' * 11 + b'"]', rules) == "json-too-large"
    assert rule_of('["éééééééééé"]'.encode(), rules) == "fits"


@pytest.mark.parametrize(
    "number",
    [b"1" * 31, b"-" + b"9" * 31, b"0." + b"1" * 31, b"1e99999", b"1E-99999", b"1e+0000009", b"1e400", b"1" * 5_000],
)
def test_monstrous_numbers_are_refused_but_not_as_texts(number: bytes) -> None:
    assert rule_of(b"[" + number + b"]") == "json-number"
    assert rule_of(b'["' + number + b'", "\\"' + number + b'"]') == "fits"


@pytest.mark.parametrize("number", [b"1" * 30, b"1e100", b"0.1", b"12345678901234567890", b"1E-300", b"100000"])
def test_ordinary_numbers_keep_their_value(number: bytes) -> None:
    assert RULES.read(number) == json.loads(number)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    rule_of(raw)


@pytest.mark.parametrize(
    "shape",
    [
        '{"a": "b", "c": [1, 2, {"d": null}]}',
        '"\\u003a\\\\"',
        '"abe0000\\"1e9999"',
        "123456.75",
        '{"e0000": {}}',
        '"[{"',
    ],
)
def test_time_grows_with_size_and_no_faster(shape: str) -> None:
    def seconds(times: int) -> float:
        raw = ("[" + ",".join([shape] * times) + "]").encode()
        rules = JsonRules(most_keys=10**7, most_items=10**7)
        best = 9.0
        for _ in range(3):
            begun = thread_time()
            rules.read(raw)
            best = min(best, thread_time() - begun)
        return best

    assert seconds(16_000) < 16 * 4 * seconds(1_000) + 0.02


@pytest.mark.parametrize("piece", [b'\\"', b"\\", b'"', b"[", b'{"', b"\\u0000", b"e0000", b"0", b'":'])
def test_broken_json_takes_no_longer(piece: bytes) -> None:
    for start in (b'"', b'["e0000', b"0000e0000", b""):
        begun = thread_time()
        rule_of(start + piece * 100_000 + b"e0000")
        assert thread_time() - begun < 1.0
