"""Scan VAmPI, weak and sound, by address alone: `python benchmarks/vampi.py WEAK_URL SOUND_URL`.

VAmPI is a weak API made for learning (erev0s/VAmPI, MIT licence). To start it: clone it twice (the
two copies must not share their SQLite file), install its requirements with "setuptools<70" and
"werkzeug<2.3" into an environment of their own, and run each on the loopback address with debug off
and a token life of 60 seconds: one with `vulnerable=1`, one with `vulnerable=0`. Call `GET /createdb`
of both once, by hand. `--log-weak` and `--log-sound` name files to which the copies add one line
"METHOD path status" for each request; with them it is checked that the scan never called /createdb.

Exit code 1 unless every declared weakness is named at its operation, nothing but the true extras
below is named besides, and the scan keeps within 30 s, 1,500 requests and its manners.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MAX_SECONDS: Final = 30.0
MAX_REQUESTS: Final = 1_500

# What VAmPI declares in its own documentation: number, words, check, operations that count, and
# whether it remains with vulnerable=0.
ANY_SECURED: Final = (
    "GET /me",
    "POST /books/v1",
    "GET /books/v1/{book_title}",
    "PUT /users/v1/{username}/email",
    "PUT /users/v1/{username}/password",
    "DELETE /users/v1/{username}",
)
DECLARED: Final = (
    ("SQL injection", "INJ01", ("GET /users/v1/{username}",), False),
    ("change another's password", "OBJ02", ("PUT /users/v1/{username}/password",), False),
    ("read another's book secret", "OBJ01", ("GET /books/v1/{book_title}",), False),
    ("mass assignment of admin", "PRO01", ("POST /users/v1/register",), False),
    ("passwords shown to anybody", "PRO03", ("GET /users/v1/_debug",), True),
    ("names told apart at log-in", "AUT08", ("POST /users/v1/login",), False),
    ("slow e-mail pattern", "RES01", ("PUT /users/v1/{username}/email",), False),
    ("no throttle at log-in", "AUT07", ("POST /users/v1/login",), True),
    ("guessable token key", "AUT04", ANY_SECURED, True),
)
# True in both copies, seen by hand. An empty operation: the note is about the API as a whole.
EXTRAS: Final = {
    ("AUT09", "POST /users/v1/register"): "sign-up says which names and addresses are taken",
    ("AUT11", "POST /users/v1/register"): "no rule for passwords",
    ("AUT13", "PUT /users/v1/{username}/password"): "tokens outlive a change of password",
    ("AUT14", "POST /users/v1/login"): "administrators, and no second factor anywhere (told as likely)",
    ("AUT15", "PUT /users/v1/{username}/password"): "never asks for the old password",
    ("AUT16", "PUT /users/v1/{username}/email"): "a new address counts at once, without a password",
    ("INV01", "GET /users/v1/_debug"): "a debug route is open",
    ("PRO04", "GET /users/v1"): "lists everybody's e-mail address",
    ("PRO04", "GET /users/v1/_debug"): "lists everybody's e-mail address",
    ("INV03", "GET /books/v1/{book_title}"): "described as a list, answers with one book",
    ("RES03", ""): "reads bodies of three megabytes",
    ("RES04", ""): "JSON nested two thousand levels deep is answered with 500",
    ("CFG01", ""): "tells server and version",
    ("CFG03", ""): "no security headers",
    ("CFG14", ""): "the page that describes it is open",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One scan: findings as (check, operation), and what it took."""

    findings: frozenset[tuple[str, str]]
    seconds: float
    requests: int
    called: tuple[str, ...]


def _scan(url: str, log: Path | None) -> Run:
    before = _lines(log)
    with tempfile.TemporaryDirectory() as folder:
        report, state = Path(folder) / "report.json", Path(folder) / "state"
        command = [sys.executable, "-m", "apiward", "scan", url, "--format", "json", "--output", str(report), "--quiet"]
        environment = {**os.environ, "XDG_STATE_HOME": str(state)}
        began_s = time.perf_counter()
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        seconds = time.perf_counter() - began_s
        if done.returncode not in (0, 1):
            sys.exit(f"{done.stderr}the scan of {url} ended with exit code {done.returncode}")
        found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    named = frozenset((one["check"], one["operation"]) for one in found["findings"])
    return Run(named, seconds, found["scan"]["request_count"], tuple(_lines(log)[len(before) :]))


def _lines(log: Path | None) -> list[str]:
    return log.read_text("utf-8", "replace").splitlines() if log else []


def _named(run: Run, *, is_weak: bool) -> tuple[list[str], int]:
    """Print the table of declared weaknesses; return the misses, and how many were named."""
    misses, count = [], 0
    for words, check, operations, remains in DECLARED:
        where = sorted(op for code, op in run.findings if code == check and op in operations)
        is_due = is_weak or remains
        count += is_due and bool(where)
        if is_due and not where:
            misses.append(f"not named: {words}")
        said = ("named" if where else "MISSED") if is_due else ("FALSE" if where else "silent, rightly")
        print(f"  {words:28} {check}  {said:16} {', '.join(where)}")
    return misses, count


def _others(run: Run, *, is_weak: bool) -> tuple[list[str], list[str]]:
    """Return the true extras and the false findings among what was named."""
    due = {(check, op) for _, check, ops, remains in DECLARED if is_weak or remains for op in ops}
    rest = sorted(run.findings - due)
    true = [pair for pair in rest if pair in EXTRAS or (pair[0], "") in EXTRAS]
    return [f"{check} {op}" for check, op in true], [f"{check} {op}" for check, op in rest if (check, op) not in true]


def _can_log_in(url: str) -> bool:
    """Whether the API's own user name1 still has the password that it came with."""
    body = json.dumps({"username": "name1", "password": "pass1"}).encode()
    fields = {"content-type": "application/json"}
    request = urllib.request.Request(f"{url.rstrip('/')}/users/v1/login", body, fields)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return "auth_token" in json.loads(answer.read())


def _judge(url: str, log: Path | None, *, is_weak: bool) -> list[str]:
    run = _scan(url, log)
    due = sum(is_weak or remains for *_, remains in DECLARED)
    print(f"\n{'weak' if is_weak else 'sound'} copy at {url}")
    misses, count = _named(run, is_weak=is_weak)
    true, false = _others(run, is_weak=is_weak)
    misses += [f"false: {one}" for one in false]
    misses += [f"{run.seconds:.1f} s"] * (run.seconds >= MAX_SECONDS)
    misses += [f"{run.requests} requests"] * (run.requests >= MAX_REQUESTS)
    misses += ["/createdb was called"] * any(" /createdb" in line for line in run.called)
    misses += ["name1 cannot log in any more"] * (not _can_log_in(url))
    print(f"  {count} of {due} named, {len(false)} false, {len(true)} true extras: {', '.join(true)}")
    logged = f", {len(run.called)} in its log" if log else ", /createdb not checked: no log was given"
    print(f"  {run.seconds:.1f} s, {run.requests} requests{logged}")
    for miss in misses:
        print(f"  MISS {miss}")
    return misses


def main() -> int:
    """Scan both copies, print the tables, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weak_url", help="a running copy with vulnerable=1")
    parser.add_argument("sound_url", help="a running copy with vulnerable=0")
    parser.add_argument("--log-weak", type=Path, default=None, help="its log, one line for each request")
    parser.add_argument("--log-sound", type=Path, default=None, help="the same of the sound copy")
    given = parser.parse_args()
    misses = _judge(given.weak_url, given.log_weak, is_weak=True)
    misses += _judge(given.sound_url, given.log_sound, is_weak=False)
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
