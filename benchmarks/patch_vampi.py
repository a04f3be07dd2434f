"""Bar 3 of patches: VAmPI behind the guard, with no settings but what a scan and `apiward patch --all` give.

    python benchmarks/patch_vampi.py WEAK_URL [SOUND_URL]

How to start VAmPI stands in `benchmarks/vampi.py`; call `GET /createdb` once by hand. The copy is scanned and patched
by the command line, in an empty folder. A weakness counts as held where the command says so, which is what its scan
through a guard showed. Then a guard is started with these rules, and a script of normal use speaks to the API twice,
directly and through the guard: it must get the same statuses and the same fields, but for those that a rule takes out.
With SOUND_URL, the other copy is patched as well, and its normal use must pass too.

Exit code 1 unless at least 7 of the 9 declared weaknesses are held and nothing of the normal use is refused.
"""

import argparse
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from apiward.app.patching.filing import standing_rules
from apiward.cli.guard_process import guard_for_test
from apiward.core.jsonvalue import Json, walk
from benchmarks.vampi import DECLARED

LEAST_HELD: Final = 7
_LINE: Final = re.compile(r"([0-9a-f]{10}) ([A-Z]{3}\d\d) (.+?): (.+)")


def main() -> int:
    """Patch, try, print and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weak_url", help="a running copy with vulnerable=1")
    parser.add_argument("sound_url", nargs="?", help="a running copy with vulnerable=0")
    given = parser.parse_args()
    misses = _judged(given.weak_url, is_weak=True)
    if given.sound_url:
        misses += _judged(given.sound_url, is_weak=False)
    for miss in misses:
        print(f"MISS {miss}")
    return 1 if misses else 0


def _judged(url: str, *, is_weak: bool) -> list[str]:
    print(f"\n{'weak' if is_weak else 'sound'} copy at {url}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _apiward(home, "scan", url, "--quiet")
        said = _apiward(home, "patch", "--all", "--quiet")
        words = {(match[2], match[3]): match[4] for line in said.splitlines() if (match := _LINE.fullmatch(line))}
        held = 0
        for what, check, operations, remains in DECLARED:
            found = [(op, words[check, op]) for op in operations if (check, op) in words]
            held += bool(found) and all(word == "held" for _, word in found)
            if is_weak or remains:
                print(f"  {what:28} {check}  {'; '.join(f'{op}: {word}' for op, word in found) or 'not found'}")
        others = {
            pair: word
            for pair, word in words.items()
            if not any(pair[0] == c and pair[1] in o for _, c, o, _ in DECLARED)
        }
        for (check, operation), word in others.items():
            print(f"  besides: {check} {operation}: {word}")
        misses = [f"{held} of {len(DECLARED)} held"] if is_weak and held < LEAST_HELD else []
        print(f"  {held} of the declared weaknesses held")
        return misses + _normal_use(url, home)


def _apiward(home: Path, *arguments: str) -> str:
    environment = {**os.environ, "XDG_STATE_HOME": str(home / "state")}
    command = [sys.executable, "-m", "apiward", *arguments]
    done = subprocess.run(command, env=environment, cwd=home, check=False, capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{done.stderr}{' '.join(arguments)} ended with exit code {done.returncode}")
    return done.stdout


def _normal_use(url: str, home: Path) -> list[str]:
    """Return where the normal use through the guard differs from that without it."""
    direct = _script(url)
    with guard_for_test(url, base=home, config=None, spec=f"{url.rstrip('/')}/openapi.json") as guarded:
        guarded.await_rules()
        through = _script(guarded.url)
    taken = {
        str(rule.values["target"]).rpartition(".")[2]
        for rule in standing_rules(home)
        if "answer." in str(rule.values.get("target"))
    }
    misses = []
    for (what, status, body), (_, other, shown) in zip(direct, through, strict=True):
        gone = _names(body) - _names(shown)
        if status != other or not gone <= taken:
            misses.append(f"normal use: {what}: {status} and {sorted(gone)} became {other}: {json.dumps(shown)[:200]}")
    fields = ", ".join(sorted(taken)) or "nothing"
    print(f"  normal use: {len(direct)} calls, {len(misses)} differ through the guard; taken out: {fields}")
    return misses


def _names(value: Json) -> set[str]:
    return {str(pointer[-1]) for pointer, _ in walk(value) if pointer and isinstance(pointer[-1], str)}


def _script(url: str) -> list[tuple[str, int, Json]]:
    """Use the API as two new people do in a day; return what each call gave."""
    seen: list[tuple[str, int, Json]] = []

    def call(method: str, path: str, body: Json = None, token: str = "", what: str = "") -> Any:  # noqa: ANN401 - any JSON
        status, value = _called(url, method, path, body, token)
        seen.append((f"{method} {what or path}", status, value))
        return value

    call("GET", "/")
    people = {}
    name = ""
    for _ in range(2):
        name = f"Reader_{secrets.token_hex(4)}"
        sent: dict[str, Json] = {"username": name, "password": "a-Fine-Word-55", "email": f"{name}@mail.example"}
        call("POST", "/users/v1/register", sent)
        logged_in = call("POST", "/users/v1/login", {"username": name, "password": sent["password"]})
        people[name] = logged_in.get("auth_token", "")
    call("POST", "/users/v1/login", {"username": name, "password": "slip-Of-The-Finger"})
    for name, token in people.items():
        title = f"On rest, part {secrets.token_hex(4)}"
        call("GET", "/me", token=token)
        call("GET", "/users/v1")
        call("GET", f"/users/v1/{name}", what="/users/v1/{username}")
        call("POST", "/books/v1", {"book_title": title, "secret": "It's between us -- and nobody else; ok?"}, token)
        call("GET", "/books/v1")
        call("GET", f"/books/v1/{title.replace(' ', '%20')}", token=token, what="/books/v1/{book_title}")
        call(
            "PUT",
            f"/users/v1/{name}/email",
            {"email": f"{name}.second-name@a-long.mail.example"},
            token,
            "/users/v1/{username}/email",
        )
        call(
            "PUT",
            f"/users/v1/{name}/password",
            {"password": "next-Fine-Word-66"},
            token,
            "/users/v1/{username}/password",
        )
        call("GET", "/me", token=token)
        again = call("POST", "/users/v1/login", {"username": name, "password": "next-Fine-Word-66"})
        call("GET", "/me", token=again.get("auth_token", ""))
        call("DELETE", f"/users/v1/{name}", token=token, what="/users/v1/{username} of somebody who is no admin")
    call("GET", "/me")
    call("GET", "/users/v1/nobody-of-that-name", what="/users/v1/{username} of nobody")
    return seen


def _called(url: str, method: str, path: str, body: Json, token: str) -> tuple[int, Any]:
    fields = {"content-type": "application/json"} if body is not None else {}
    fields |= {"authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url.rstrip('/')}{path}", data, fields, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    try:
        return status, json.loads(text or b"{}")
    except ValueError:
        return status, {}


if __name__ == "__main__":
    sys.exit(main())
