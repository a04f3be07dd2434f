"""How the guard grows: with the size of a body, with operations and callers, and with clients that only hold on.

Run it as `python -m benchmarks.guard_growth`. The first two parts run in this process, the last against a whole
guard with an API behind it. It prints ratios and exponents, which say more than times of one machine.
"""

import base64
import gc
import hmac
import json
import math
import resource
import socket
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

from apiward.core.api import Api
from apiward.core.call import Answer, Call
from apiward.guard.engine import Engine
from apiward.spec.reading import read_description
from tests.guarded.conftest import SETTINGS
from tests.guarded.engines import SECRET, judged, whole_engine
from tests.guarded.guards import guarding
from tests.guarded.recording import recording

_SIZES_KB: Final = (1, 4, 16, 64, 200, 400, 800, 1_600, 3_200, 4_000)
_PROSE: Final = "The parcel came on Tuesday, and all of it was well packed; thank you, we shall order again. "


def main() -> None:
    """Measure and print what is named, or all."""
    parts = {one.__name__: one for one in (bodies, operations, principals, held_connections)}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in sys.argv[1:] or parts:
            parts[name](home)


def bodies(home: Path) -> None:
    """Judge bodies of growing size, with and without a description."""
    described = read_description(json.dumps(_many_operations(10)).encode(), source="bench")
    for api, known in ((None, "no description"), (described, "described")):
        engine, _ = whole_engine(home, api)
        for shape, make in (("records", _records), ("one text", _text), ("numbers", _numbers)):
            points = []
            for size_kb in _SIZES_KB:
                if shape == "one text" and size_kb > 1_000:
                    continue
                raw = json.dumps(make(size_kb * 1024)).encode()
                points.append((len(raw), _best(engine, raw)))
            shown = ", ".join(f"{size // 1024} KB {spent * 1000:.1f} ms" for size, spent in points)
            print(f"body, {known}, {shape}: exponent {_exponent(points[3:]):.2f}; {shown}", flush=True)


def operations(home: Path) -> None:
    """Judge the same requests with ten and with ten thousand operations, by turns."""
    engines = {}
    for count in (10, 10_000):
        before_kb, begun_s = _rss_kb(), time.perf_counter()
        engines[count], _ = whole_engine(home, _api(count))
        ready_s = time.perf_counter() - begun_s
        print(f"operations: {count} take {(_rss_kb() - before_kb) / 1024:.0f} MB, and are ready in {ready_s:.1f} s")
    for name, step in (("the same five operations", 1), ("200 operations in turn", 12)):
        best = dict.fromkeys(engines, math.inf)
        for _ in range(5):
            for count, engine in engines.items():
                places = [at * step % min(count // 2, 5 if step == 1 else count) for at in range(200)]
                best[count] = min(best[count], _median_us(engine, places))
        few, many = best.values()
        print(f"operations: {name}: {few:.1f} us of 10, {many:.1f} us of 10,000, ratio {many / few:.2f}", flush=True)


def principals(home: Path) -> None:
    """Judge requests of a hundred thousand callers, each with a token of its own."""
    api = read_description(json.dumps(_many_operations(10)).encode(), source="bench")
    engine, _ = whole_engine(home, api)
    tokens = [_token(number) for number in range(100_000)]
    before_kb = _rss_kb()
    rounds = []
    for start in range(0, len(tokens), 10_000):
        begun_s = time.thread_time()
        for token in tokens[start : start + 10_000]:
            said = judged(engine, _call(b"/r1/7", token=token))
            assert said is None, said
        rounds.append((time.thread_time() - begun_s) / 10_000 * 1e6)
    grown_mb = (_rss_kb() - before_kb) / 1024
    print(f"principals: first 10,000 {rounds[0]:.1f} us, last 10,000 {rounds[-1]:.1f} us each")
    print(f"principals: ratio {rounds[-1] / rounds[0]:.2f}; 100,000 take {grown_mb:.0f} MB", flush=True)


def held_connections(home: Path) -> None:
    """Ask a whole guard while a thousand connections are idle and a hundred clients send their bodies drop by drop."""
    settings = SETTINGS.replace("body_timeout_s = 2", "body_timeout_s = 60")
    with recording() as api, guarding(home / "held", api.address, settings) as guard, ExitStack() as held:
        _asked(guard.port, 500)
        free = _asked(guard.port, 3_000)
        before_kb = guard.rss_kb()
        for _ in range(1_000):
            held.enter_context(socket.create_connection(("127.0.0.1", guard.port)))
        slow = [held.enter_context(socket.create_connection(("127.0.0.1", guard.port))) for _ in range(100)]
        for line in slow:
            line.sendall(
                b"POST /slow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n["
            )
        busy = _asked(guard.port, 3_000, drip=slow)
        grown_kb = guard.rss_kb() - before_kb
    for name, at in (("p50", 50), ("p99", 99)):
        one, other = (statistics.quantiles(times, n=100)[at - 1] * 1e6 for times in (free, busy))
        print(f"held connections: {name} {one:.0f} us alone, {other:.0f} us beside them, ratio {other / one:.2f}")
    print(f"held connections: 1,100 take {grown_kb / 1024:.1f} MB")


def _asked(port: int, count: int, drip: list[socket.socket] | None = None) -> list[float]:
    times = []
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(count):
            if drip and number % 3 == 0:
                drip[number // 3 % len(drip)].sendall(b" ")
            begun_s = time.perf_counter()
            line.sendall(b"GET /orders/1 HTTP/1.1\r\nHost: shop.test\r\n\r\n")
            said = line.recv(65_536)
            times.append(time.perf_counter() - begun_s)
            assert said.startswith(b"HTTP/1.1 200"), said
    return times


def _records(size: int) -> object:
    one = {"id": 1, "name": "Ann Marlow", "note": _PROSE * 3, "price": 12.5, "tags": ["a", "b"], "is_new": True}
    return [one] * (size // len(json.dumps(one)) + 1)


def _text(size: int) -> object:
    return {"note": _PROSE * (size // len(_PROSE) + 1)}


def _numbers(size: int) -> object:
    return {"points": [-1_234.56] * (size // 10)}


def _best(engine: Engine, raw: bytes) -> float:
    best = math.inf
    for _ in range(5 if len(raw) < 500_000 else 3):
        call = _call(b"/r1", "POST", len(raw))
        begun_s = time.thread_time()
        said = judged(engine, call, raw)
        best = min(best, time.thread_time() - begun_s)
        assert said is None, said
    return best


def _median_us(engine: Engine, places: list[int]) -> float:
    times = []
    token = _token(1)
    for _ in range(20):
        begun_s = time.thread_time()
        for place in places:
            answer = Answer(200, [(b"content-type", b"application/json")], b'{"id": 1}')
            said = judged(engine, _call(b"/r%d/7" % place, token=token), answer=answer)
            assert said is None, said
        times.append((time.thread_time() - begun_s) / len(places) * 1e6)
    return statistics.median(times)


def _call(path: bytes, method: str = "GET", length: int = 0, token: str = "") -> Call:
    headers = [(b"host", b"shop.test"), (b"user-agent", b"bench/1"), (b"accept", b"application/json")]
    if length:
        headers += [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
    if token:
        headers.append((b"authorization", b"Bearer " + token.encode()))
    return Call(method, path, b"", headers, "192.0.2.7", started_s=time.time())


def _token(number: int) -> str:
    claims = {"iss": "https://id.shop.test", "aud": "shop", "sub": f"user-{number}", "exp": int(time.time()) + 3_600}
    signed = ".".join(_b64(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
    return f"{signed}.{_b64(hmac.digest(SECRET.encode(), signed.encode(), 'sha256'))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _api(count: int) -> Api:
    """Return an API of so many operations; one description may have 5,000 at most, so larger ones are joined."""
    parts = [
        read_description(json.dumps(_many_operations(min(count, 5_000), start)).encode(), source="bench")
        for start in range(0, count // 2, 2_500)
    ]
    return replace(parts[0], operations=tuple(chain.from_iterable(part.operations for part in parts)))


def _many_operations(count: int, start: int = 0) -> dict[str, Any]:
    ok = {
        "200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/One"}}}}
    }
    body: dict[str, Any] = {"content": {"application/json": {"schema": {}}}}
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths: dict[str, Any] = {}
    for at in range(start, start + count // 2):
        paths[f"/r{at}/{{id}}"] = {"get": {"parameters": [number], "responses": ok}}
        paths[f"/r{at}"] = {"post": {"requestBody": body, "responses": ok}}
    one = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    info = {"title": "bench", "version": "1"}
    return {"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": {"One": one}}}


def _exponent(points: list[tuple[int, float]]) -> float:
    """Return the slope of time over size, both as logarithms: 1 is linear."""
    xs, ys = [math.log(size) for size, _ in points], [math.log(spent) for _, spent in points]
    return statistics.linear_regression(xs, ys).slope


def _rss_kb() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


if __name__ == "__main__":
    main()
