import asyncio
import json
from pathlib import Path

import pytest

from apiward.cli.testing import AppScan
from apiward.config.errors import AdvisedError
from apiward.net.messages import Message, Receive, Send

DESCRIPTION = {
    "openapi": "3.0.3",
    "info": {"title": "Hours", "version": "1"},
    "paths": {"/hours": {"get": {"responses": {"200": {"description": "when we are open"}}}}},
}


class Hours:
    """An API that tells its technology where `server` is set."""

    def __init__(self, server: str = "") -> None:
        self.server = server

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError
        answers = {"/openapi.json": DESCRIPTION, "/hours": {"from": 8, "to": 17}}
        answer = answers.get(scope["path"])
        headers = [
            (b"content-type", b"application/json"),
            *([(b"server", self.server.encode())] if self.server else []),
        ]
        await send({"type": "http.response.start", "status": 200 if answer else 404, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


@pytest.fixture
def failures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    return []


@pytest.fixture
def scan(failures: list[str]) -> AppScan:
    return AppScan("tests/test_shop.py::test_it", failures.append)


WEAK = "Werkzeug/3.0.1 Python/3.11.2"


def test_a_sound_app_passes_and_gives_its_report(scan: AppScan, failures: list[str]) -> None:
    report = scan(Hours(), only="CFG01", fail_on="note")
    assert (failures, report.operations, report.findings) == ([], ("GET /hours",), ())


def test_a_weak_app_fails_with_what_was_found_and_how_to_run_it_again(scan: AppScan, failures: list[str]) -> None:
    report = scan(Hours(WEAK), only="CFG01", fail_on="note", seed=7)
    (told,) = failures
    assert f"saw    {report.findings[0].saw}"[:40] in told
    assert "run again, the same with seed=7:\n  pytest tests/test_shop.py::test_it\n" in told
    assert "--all" not in told
    assert "apiward replay" not in told


def test_what_counts_is_told_as_for_the_command(scan: AppScan, failures: list[str]) -> None:
    scan(Hours(WEAK), only=["CFG01"])
    assert failures == [], "a note is below high"
    Path("apiward.toml").write_text('[scan]\nonly = ["CFG01"]\nfail_on = "note"\n')
    scan(Hours(WEAK))
    assert len(failures) == 1
    scan(Hours(WEAK), fail_on="never")
    assert len(failures) == 1


def test_too_little_checked_is_no_pass(scan: AppScan, failures: list[str]) -> None:
    scan(Hours(), only="OBJ01")
    assert failures[0].startswith("Too little could be checked, so this test does not pass")


def test_a_test_that_is_async_itself_may_scan(scan: AppScan, failures: list[str]) -> None:
    async def test() -> None:
        scan(Hours(), only="CFG01")

    asyncio.run(test())
    assert failures == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("level", "ful", "level must be one of read, write, full, not 'ful'. Did you mean \"full\"?"),
        ("fail_on", "red", "fail_on must be one of"),
        ("only", "OBJ0", "OBJ01"),
        ("operations", "GET /hour", "no operation"),
        ("headers", "hunter2", "A header is written as"),
        ("accounts", "passwrod=hunter2", "no key of an account"),
    ],
)
def test_options_that_cannot_be_used_are_told(scan: AppScan, option: str, value: str, said: str) -> None:
    with pytest.raises(AdvisedError) as caught:
        scan(Hours(), **{option: value})  # type: ignore[arg-type]  # one of many options
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)
