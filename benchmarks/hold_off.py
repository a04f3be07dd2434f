"""How long until an attack is held off while nobody is there? `python -m benchmarks.hold_off [--rate N]`.

A whole guard and a whole `apiward watch` run before an API, with the owner's consent to block addresses that try stolen
passwords. One address tries one account after another, customers log in and shop meanwhile, one of them from the same
network. Then all of it once more without consent. Exit code 1 if a customer was refused, the attack was not held off
within `BAR_S` of the try at which it could be seen first, one command did not undo it, or nobody had allowed it.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from benchmarks.guard_kills import ROOT, free_port, up

BAR_S: Final = 10.0
FIRST_SIGN: Final = 10
"""So many failed log-ins of one address are stuffing, no sooner."""
LONGEST_S: Final = 30.0
ATTACKER: Final = "198.51.100.66"
CUSTOMERS: Final = ("198.51.100.67", *(f"203.0.113.{number}" for number in range(1, 20)))
_SETTINGS: Final = """[guard]
upstream = "http://127.0.0.1:{upstream}"
listen = "127.0.0.1:{port}"
mode = "watch"

[guard.origin]
trusted_proxies = ["127.0.0.1"]

[watch.automatic]
consent = [{consent}]
"""


class Shop:
    """What callers got. `tries` are the statuses of the attack, with the seconds since its first sign."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.tries: list[tuple[float, int]] = []
        self.customers: list[int] = []
        self.first_sign_s = 0.0

    async def ask(self, client: str, path: str, password: str = "") -> int:
        """Send one request, and return its status; 0 where none came."""
        body = (
            json.dumps({"email": f"{client}-{len(self.tries)}@shop.example", "password": password}) if password else ""
        )
        head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        head += f"X-Forwarded-For: {client}\r\n"
        typed = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(f"{head}{typed}\r\n{body}".encode())
            line = await reader.readline()
            writer.close()
            return int(line.split()[1]) if line.startswith(b"HTTP/1.1 ") else 0
        return 0

    async def attack(self, rate: float) -> None:
        """Try until it is held off, or for long enough."""
        begun_s = time.monotonic()
        while time.monotonic() - begun_s < LONGEST_S and not self.is_held:
            status = await self.ask(ATTACKER, "/login", f"stolen{len(self.tries)}")
            if len(self.tries) + 1 == FIRST_SIGN:
                self.first_sign_s = time.monotonic()
            self.tries.append((time.monotonic() - self.first_sign_s if self.first_sign_s else 0.0, status))
            await asyncio.sleep(1 / rate)

    @property
    def is_held(self) -> bool:
        """Whether the last try was refused by the guard."""
        return bool(self.tries) and self.tries[-1][1] == 403

    async def buy(self, ending: asyncio.Event) -> None:
        """Let customers log in and shop until it ends."""
        while not ending.is_set():
            for client in CUSTOMERS:
                self.customers.append(await self.ask(client, "/login", "right"))
                self.customers.append(await self.ask(client, "/shop"))
                await asyncio.sleep(0.02)


async def api(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let in who has the right password, and show the shop to all."""
    with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            body = await reader.readexactly(length)
            is_bad = head.startswith(b"POST") and b'"right"' not in body
            status = b"401 Unauthorized" if is_bad else b"200 OK"
            writer.write(b"HTTP/1.1 " + status + b"\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
    writer.close()


@contextmanager
def running(folder: Path, *words: str) -> Iterator[None]:
    """Run a command of apiward beside this."""
    command = [sys.executable, "-m", "apiward", *words, "--config", str(folder / "apiward.toml")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


async def trial(folder: Path, consent: str, rate: float) -> tuple[Shop, bool]:
    """Play it once; return what callers got, and whether one command lets the address in again for good."""
    server = await asyncio.start_server(api, "127.0.0.1", 0)
    port = free_port()
    text = _SETTINGS.format(upstream=server.sockets[0].getsockname()[1], port=port, consent=consent)
    await asyncio.to_thread((folder / "apiward.toml").write_text, text)
    shop, ending = Shop(port), asyncio.Event()
    with running(folder, "guard"), running(folder, "watch"):
        await up(port)
        buying = asyncio.create_task(shop.buy(ending))
        await shop.attack(rate)
        is_undone = False
        if shop.is_held:
            is_undone = await undone(folder, shop)
        ending.set()
        await buying
    server.close()
    return shop, is_undone


async def undone(folder: Path, shop: Shop) -> bool:
    """Let the address in again, let it go on, and return whether it is left alone."""
    command = [sys.executable, "-m", "apiward", "block", "undo", f"address:{ATTACKER}"]
    command += ["--config", str(folder / "apiward.toml")]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=subprocess.DEVNULL)
    await process.wait()
    statuses = []
    for number in range(30):
        statuses.append(await shop.ask(ATTACKER, "/login", f"again{number}"))
        await asyncio.sleep(0.1)
    return set(statuses) == {401}


def judged(shop: Shop, *, is_undone: bool) -> Iterator[str]:
    """Yield what is wrong with a trial in which it is held off."""
    refused = sum(status != 200 for status in shop.customers)
    print(
        f"  {len(shop.tries)} tries, the last {shop.tries[-1][0]:.1f} s after the {FIRST_SIGN}th; undone: {is_undone}"
    )
    print(f"  {len(shop.customers):,} requests of customers, {refused} refused")
    if refused:
        yield f"{refused} requests of customers were refused"
    if not shop.is_held or shop.tries[-1][0] > BAR_S:
        yield f"it was not held off within {BAR_S:.0f} s"
    if not is_undone:
        yield "who was let in again is not left alone"


def main() -> int:
    """Play both, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=10.0, help="tries of the attacker in a second")
    arguments = parser.parse_args()
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as home:
        for name, consent in (("with consent", '"stuffing:block-address"'), ("without", "")):
            folder = Path(home) / name.replace(" ", "-")
            folder.mkdir()
            print(f"{name}:")
            shop, is_undone = asyncio.run(trial(folder, consent, arguments.rate))
            if consent:
                problems += judged(shop, is_undone=is_undone)
            else:
                print(f"  {len(shop.tries)} tries in {LONGEST_S:.0f} s, all answered by the API: {not shop.is_held}")
                problems += ["it was held off without consent"] * shop.is_held
    for problem in problems:
        print(f"  MISSED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
