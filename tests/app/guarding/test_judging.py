import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from apiward.access.keys.values import DAY_S
from apiward.app.guarding.cases import Case, Expected, WrittenAnswer
from apiward.app.guarding.judging import Judged, Outcome, count_rules, judge_all, problems_of
from apiward.app.guarding.keys import KeyDesk, Wish
from apiward.app.guarding.place import Place
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.core.api import Api, Body, Operation
from apiward.core.schema import Schema

HOST = (b"host", b"shop.test")
TEXT = Schema(types=("string",))
ORDER = Schema(types=("object",), properties={"note": TEXT}, is_open=False)
API = Api(
    "Shop",
    "1",
    (
        Operation("POST", "/orders", bodies=(Body("application/json", ORDER),)),
        Operation("GET", "/orders/{id}"),
    ),
)


def config_of(text: str = "") -> GuardConfig:
    config, problems = parse_guard(text)
    assert not problems
    return config


def judged(
    folder: Path, cases: Iterable[Case], text: str = "", api: Api | None = None, *, is_apart: bool = True
) -> list[Judged]:
    place = Place(None, folder, folder / "data")
    found = asyncio.run(judge_all(config_of(text), place, api, cases, is_apart=is_apart))
    assert not (folder / "data" / "counters").exists()
    return found


def get(target: str, *, number: int = 1, expected: Expected | None = None, **more: object) -> Case:
    return Case(number, "GET", target, [HOST], expected=expected, **more)  # type: ignore[arg-type]


def post(value: object) -> Case:
    body = json.dumps(value).encode()
    headers = [HOST, (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    return Case(1, "POST", "/orders", headers, body)


ATTACK = "/orders?q=%27%20UNION%20SELECT%20password%20FROM%20users--"


def test_an_attack_is_refused_and_what_is_sound_passes(tmp_path: Path) -> None:
    attack, sound = judged(tmp_path, [get(ATTACK, expected=Expected.BLOCK), get("/orders?q=shoes")])
    assert (attack.outcome, attack.status, attack.is_as_expected) == (Outcome.REFUSED, 400, True)
    assert [ruling.decision.stage for ruling in attack.rulings] == ["inspect"]
    assert (sound.outcome, sound.status, sound.is_as_expected, sound.rulings) == (Outcome.PASSED, 0, None, ())
    assert count_rules([attack, sound, attack]) == [("inspect.sql", 2)]


def test_watching_decides_the_same_and_says_that_it_lets_pass(tmp_path: Path) -> None:
    one = judged(tmp_path, [get(ATTACK, expected=Expected.BLOCK)], '[guard]\nmode = "watch"')[0]
    assert (one.outcome, one.status, one.is_as_expected) == (Outcome.WATCHED, 0, True)


def test_what_is_not_as_expected(tmp_path: Path) -> None:
    said = judged(tmp_path, [get(ATTACK, expected=Expected.ALLOW), get("/", expected=Expected.BLOCK)])
    assert [one.is_as_expected for one in said] == [False, False]


def test_a_description_counts(tmp_path: Path) -> None:
    good, bad = judged(tmp_path, [post({"note": "x"}), post({"note": "x", "total": 0})], api=API)
    assert (good.outcome, good.operation) == (Outcome.PASSED, "POST /orders")
    assert bad.outcome in {Outcome.REFUSED, Outcome.CHANGED}


def test_answers_are_judged_where_they_are_written_down(tmp_path: Path) -> None:
    trace = b'Traceback (most recent call last):\n  File "/app/a.py", line 1, in x\nValueError: no'
    answer = WrittenAnswer(500, [(b"content-type", b"text/plain")], trace)
    one = judged(tmp_path, [get("/orders/1", answer=answer)])[0]
    assert one.outcome is Outcome.CHANGED
    assert "conceal" in {ruling.decision.stage for ruling in one.rulings}
    fine = WrittenAnswer(200, [(b"content-type", b"application/json")], b'{"note": "x"}')
    assert judged(tmp_path, [get("/orders/1", answer=fine)])[0].outcome is Outcome.PASSED


def test_a_body_that_the_guard_does_not_read_whole(tmp_path: Path) -> None:
    headers = [HOST, (b"content-type", b"text/plain"), (b"transfer-encoding", b"chunked")]
    one = judged(tmp_path, [Case(1, "POST", "/", headers, b"x" * 3000)], "[guard]\nmax_body = 2048")[0]
    assert (one.outcome, one.status) == (Outcome.REFUSED, 413)
    assert [ruling.decision.rule for ruling in one.rulings] == ["guard.body-too-large"]


def test_each_test_is_the_first_request_ever(tmp_path: Path) -> None:
    text = "[guard.quota]\nper_minute = 2"
    cases = [get("/", number=number, started_s=1000.0) for number in range(1, 5)]
    apart = judged(tmp_path, cases, text)
    assert {one.outcome for one in apart} == {Outcome.PASSED}
    together = judged(tmp_path, cases, text, is_apart=False)
    assert [one.outcome for one in together] == ["passed", "passed", "refused", "refused"]


def test_recorded_times_count(tmp_path: Path) -> None:
    text = "[guard.quota]\nper_minute = 2"
    cases = [get("/", started_s=1000.0 + 100 * number) for number in range(5)]
    assert {one.outcome for one in judged(tmp_path, cases, text, is_apart=False)} == {Outcome.PASSED}


def test_addresses_can_be_told(tmp_path: Path) -> None:
    text = '[guard.origin]\nblocked = ["203.0.113.0/24"]'
    out, far = judged(tmp_path, [get("/", client="203.0.113.7"), get("/", client="198.51.100.1")], text)
    assert (out.outcome, far.outcome) == (Outcome.REFUSED, Outcome.PASSED)


def test_the_keys_of_the_guard_are_known_and_not_touched(tmp_path: Path) -> None:
    desk = KeyDesk(tmp_path / "data", random_bytes=lambda size: b"x" * size, now_s=1000.0)
    key, text = desk.new(Wish("partner", "apw", "live", DAY_S))
    case = Case(1, "GET", "/", [HOST, (b"x-api-key", text.encode())], started_s=2000.0)
    late = Case(1, "GET", "/", [HOST, (b"x-api-key", text.encode())], started_s=1000.0 + DAY_S)
    good, ended = judged(tmp_path, [case, late], is_apart=False)
    assert good.principal == f"key:{key.id}"
    assert [ruling.decision.rule for ruling in ended.rulings] == ["authenticate.key-expired"]
    assert desk.listed()[0].last_use is None


def test_a_preflight_that_the_guard_answers(tmp_path: Path) -> None:
    text = '[guard.harden]\nallowed_origins = ["https://app.test"]'
    headers = [HOST, (b"origin", b"https://app.test"), (b"access-control-request-method", b"GET")]
    one = judged(tmp_path, [Case(1, "OPTIONS", "/", headers, expected=Expected.ALLOW)], text)[0]
    assert (one.outcome, one.is_as_expected) == (Outcome.ANSWERED, True)


@pytest.mark.parametrize("scheme", ["ws", "wss"])
def test_websockets(tmp_path: Path, scheme: str) -> None:
    passed, refused = judged(tmp_path, [get("/live", scheme=scheme), get(ATTACK, scheme=scheme)])
    assert (passed.outcome, passed.status) == (Outcome.PASSED, 0)
    assert (refused.outcome, refused.status) == (Outcome.REFUSED, 400)


def test_settings_that_can_be_built_have_no_problems(tmp_path: Path) -> None:
    assert problems_of(GuardConfig(), API, Place(None, tmp_path, tmp_path / "data")) == []
    assert list(tmp_path.iterdir()) == []


def test_all_problems_are_told(tmp_path: Path) -> None:
    text = """
[guard.tls]
certificate_file = "cert.pem"
key_file = "key.pem"
[[guard.issuers]]
issuer = "https://id.test"
jwks_file = "none.json"
[guard.origin]
country_file = "none.tsv"
trusted_proxies = ["nowhere"]
[guard.flood]
exempt = ["nobody"]
"""
    (tmp_path / "key.pem").write_text("x")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "keys.json").write_text("?")
    said = "\n".join(problems_of(config_of(text), None, Place(None, tmp_path, tmp_path / "data")))
    assert "guard.tls.certificate_file: cert.pem cannot be read" in said
    assert "tls.key_file" not in said
    for part in (
        "keys.json cannot be used",
        "none.json",
        "guard.origin.country_file",
        "guard.origin.trusted_proxies",
        "guard.flood.exempt",
    ):
        assert part in said
