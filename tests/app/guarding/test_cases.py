import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.app.guarding import cases
from apiward.app.guarding.cases import Case, Expected, SlipError, read_cases
from apiward.config.errors import AdvisedError


def written(folder: Path, *lines: object) -> Path:
    path = folder / "requests.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    return path


def test_a_whole_line(tmp_path: Path) -> None:
    line = {
        "id": "a-1",
        "source": "mine",
        "expected": "block",
        "method": "POST",
        "target": "/orders?x=%27",
        "headers": [["Host", "shop.test"], ["Content-Type", "text/plain"], ["X-Name", "Zoë"]],
        "body_b64": "AAE=",
        "client": "203.0.113.7",
    }
    assert read_cases(written(tmp_path, "", line)) == (
        Case(
            2,
            "POST",
            "/orders?x=%27",
            [
                (b"host", b"shop.test"),
                (b"content-type", b"text/plain"),
                (b"x-name", "Zoë".encode("latin-1")),
                (b"content-length", b"2"),
            ],
            b"\x00\x01",
            id="a-1",
            client="203.0.113.7",
            expected=Expected.BLOCK,
        ),
    )


def test_the_shortest_line(tmp_path: Path) -> None:
    assert read_cases(written(tmp_path, {"target": "/"})) == (Case(1, "GET", "/", [(b"host", b"localhost")]),)


def test_a_told_length_stays_as_it_is(tmp_path: Path) -> None:
    for name in ("content-length", "transfer-encoding"):
        line = {"target": "/", "method": "POST", "headers": [[name, "7"]], "body": "ab"}
        assert read_cases(written(tmp_path, line))[0].headers == [(name.encode(), b"7")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: is no JSON: Expecting property name"),
        ("[]", "line 2: must be an object"),
        ("[" * 100_000, "line 2: is no JSON: too deep"),
        ({}, "line 2: target: is missing"),
        ({"target": 1}, "target: must be a text, not 1"),
        ({"target": "/ä"}, "target: must be written in ASCII"),
        ({"target": "/", "metod": "GET"}, 'metod: unknown key. Did you mean "method"?'),
        ({"target": "/", "method": "GE T"}, "method: "),
        ({"target": "/", "headers": {"a": "b"}}, "headers: must be a list of pairs"),
        ({"target": "/", "headers": [["a"]]}, "headers: must be a list of pairs, each of two texts"),
        ({"target": "/", "body_b64": "?"}, "body_b64: is no base64"),
        ({"target": "/", "body_b64": "AA==", "body": "x"}, "body: give either"),
        ({"target": "/", "expected": "blok"}, 'expected: Did you mean "block"?'),
        ({"target": "/", "id": []}, "id: must be a text or a number"),
    ],
)
def test_slips_are_told_with_their_line(tmp_path: Path, line: object, said: str) -> None:
    with pytest.raises(AdvisedError) as told:
        read_cases(written(tmp_path, {"target": "/"}, line))
    assert said in told.value.why


def test_many_slips_are_not_all_told(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError, match="and 5 more"):
        read_cases(written(tmp_path, *["{"] * 15))


def test_files_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AdvisedError, match="No such file"):
        read_cases(tmp_path / "none")
    with pytest.raises(AdvisedError, match="holds no requests"):
        read_cases(written(tmp_path, ""))
    (tmp_path / "bytes").write_bytes(b"\n\xff")
    with pytest.raises(AdvisedError, match="Line 2 holds bytes"):
        read_cases(tmp_path / "bytes")
    two = written(tmp_path, {"target": "/"}, {"target": "/"})
    monkeypatch.setattr(cases, "MAX_CASES", 1)
    with pytest.raises(AdvisedError, match="2 requests, and 1 are the most"):
        read_cases(two)
    monkeypatch.setattr(cases, "MAX_FILE_BYTES", 10)
    with pytest.raises(AdvisedError, match="is too large"):
        read_cases(two)


@given(st.dictionaries(st.sampled_from(cases._KEYS), st.none() | st.text() | st.integers() | st.lists(st.text())))
def test_any_object_is_a_case_or_a_slip(line: dict[str, object]) -> None:
    with contextlib.suppress(SlipError):
        cases._case(json.dumps(line), 1)
