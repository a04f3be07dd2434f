"""What proxy benchmarks share: a backend, the load, nginx as a peer, and the CPU that a process tree used.

The load is a third each: GET by id with a query, search GET, POST of 300 bytes of JSON; all carry a bearer token.
The measured proxy runs on one core, the backend and the clients on another (`taskset`).
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROXY_CORE: Final = "0"
OTHER_CORE: Final = "1"
TOKEN: Final = "eyJhbGciOiJub25lIn0." + "eyJzdWIiOiJ1c2VyLTQyIiwicm9sZSI6Im1lbWJlciJ9" * 7 + "."
BODY: Final = '{"name": "' + "plain words " * 22 + '", "price": 12.5}'
ANSWER: Final = '{"id":1,"name":"some item","price":12.5,"tags":["a","b","c"],"description":"a short text"}'

_LUA: Final = """
local n, requests = 0, {}
init = function(args)
  local fields = {["Authorization"] = "Bearer " .. TOKEN, ["Accept"] = "application/json", ["User-Agent"] = "bench/1"}
  requests[1] = wrk.format("GET", "/items/42?fields=name", fields)
  requests[2] = wrk.format("GET", "/search?q=red+shoes&page=2&limit=20", fields)
  fields["Content-Type"] = "application/json"
  requests[3] = wrk.format("POST", "/items", fields, BODY)
end
request = function() n = n + 1; return requests[n % 3 + 1] end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("\\nfigures %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.timeout + e.status))
end
"""

_NGINX: Final = """
worker_processes 1; daemon off; pid {place}/pid; error_log {place}/error.log error;
{top}
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000; client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;
  fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
  {body}
}}
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run: times are milliseconds, `cpu_us` is what the proxy's processes used for one request."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float
    errors: int
    cpu_us: float

    def __str__(self) -> str:
        """Return one line for people."""
        rate, cpu = f"{self.requests_per_s:9,.0f} requests/s", f"{self.cpu_us:6.0f} µs CPU"
        return f"{rate}  {cpu}  p50 {self.p50_ms:6.2f} ms  p99 {self.p99_ms:6.2f} ms  errors {self.errors}"


def missing_programs() -> list[str]:
    """Return which of the programs that these benchmarks need are not installed."""
    return [name for name in ("nginx", "wrk", "taskset") if shutil.which(name) is None]


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: Sequence[str], port: int, *, core: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` on one core until it is no longer needed; it is ready when it listens on `port`."""
    with subprocess.Popen(["taskset", "-c", core, *command]) as process:
        try:
            _wait_for(port, process)
            yield process
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def nginx(body: str, port: int, *, core: str, top: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Run nginx with `body` inside `http { }` and `top` at the top of its configuration."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "nginx.conf")
        file.write_text(_NGINX.format(place=place, top=top, body=body))
        with running(["nginx", "-c", str(file), "-p", place], port, core=core) as process:
            yield process


@contextmanager
def backend() -> Iterator[int]:
    """Run an nginx that answers everything with a small piece of JSON; gives its port."""
    port = free_port()
    answer = f"default_type application/json; return 200 '{ANSWER}';"
    with nginx(f"server {{ listen 127.0.0.1:{port}; location / {{ {answer} }} }}", port, core=OTHER_CORE):
        yield port


@contextmanager
def nginx_proxy(upstream: int, *, top: str = "", inside: str = "") -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run nginx as a proxy before `upstream`; `inside` goes into its server block (ModSecurity, for one)."""
    port = free_port()
    body = f"""
      upstream up {{ server 127.0.0.1:{upstream}; keepalive 64; }}
      server {{
        listen 127.0.0.1:{port}; {inside}
        location / {{
          proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection "";
          proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header Host $host;
        }}
      }}"""
    with nginx(body, port, core=PROXY_CORE, top=top) as process:
        yield port, process


def load(port: int, process: subprocess.Popen[bytes], *, seconds: int, connections: int, token: str = TOKEN) -> Figures:
    """Send the mixed load for `seconds`, after a short warm-up; return what came of it."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"TOKEN = '{token}'\nBODY = '{BODY}'\n{_LUA}")
        script.flush()
        _wrk(script.name, port, 1, connections)
        before_s = cpu_s(process.pid)
        requests, duration_us, p50, p99, errors = _wrk(script.name, port, seconds, connections)
        used_s = cpu_s(process.pid) - before_s
    rate = requests / duration_us * 1e6
    return Figures(rate, p50 / 1000, p99 / 1000, errors, used_s / max(requests, 1) * 1e6)


@contextmanager
def pin(core: str) -> Iterator[None]:
    """Keep this process on one core meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {int(core)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_s(pid: int) -> float:
    """Return the seconds of CPU that a process and all below it have used so far."""
    ticks = 0
    for below in [pid, *_descendants(pid)]:
        with suppress(OSError):
            fields = Path(f"/proc/{below}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *_descendants(child)]
    return found


def _wrk(script: str, port: int, seconds: int, connections: int) -> list[int]:
    options = ["-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", script]
    command = ["taskset", "-c", OTHER_CORE, "wrk", *options, f"http://127.0.0.1:{port}"]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    line = next(line for line in out.splitlines() if line.startswith("figures "))
    return [int(number) for number in line.split()[1:]]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end_s = time.monotonic() + 20
    while time.monotonic() < end_s and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}: {process.args!r}")
