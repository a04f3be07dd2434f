"""Programs of the owner: bounded in time and output, run without a shell."""

import asyncio
import sys

import pytest

from apiward.app.commands import MOST_PRINTED, printed
from apiward.core.account import NoCredentialError


def _run(code: str, *, within_s: float = 20.0, told: bytes = b"") -> str:
    return asyncio.run(printed((sys.executable, "-S", "-c", code), within_s=within_s, told=told))


def test_what_is_told_is_read_and_what_is_printed_is_bounded() -> None:
    assert _run("import sys; print(sys.stdin.read().upper())", told=b"abc") == "ABC\n"
    assert len(_run(f"print('x' * {2 * MOST_PRINTED}, flush=True)")) <= 2 * MOST_PRINTED + 1
    assert _run("print(1)", told=b"nobody reads this" * 50_000) == "1\n"


def test_a_program_that_does_not_end_is_ended() -> None:
    with pytest.raises(NoCredentialError, match=r"more than 0\.05 seconds"):
        _run("import time; time.sleep(60)", within_s=0.05)


def test_no_shell_reads_the_words() -> None:
    with pytest.raises(NoCredentialError, match="cannot be run"):
        asyncio.run(printed(("echo $HOME; true",), within_s=5))
