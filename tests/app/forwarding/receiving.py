"""A receiver of lines over HTTP, in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Got:
    """What a receiver got."""

    def __init__(self) -> None:
        self.address = ""
        self.lines: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.status = 204


@contextmanager
def receiver() -> Iterator[Got]:
    """Give a receiver on a port of this machine."""
    got = Got()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if got.status < 300:
                got.lines += body.decode().splitlines()
                got.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(got.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the one above
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        got.address = f"http://127.0.0.1:{server.server_address[1]}/lines"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield got
        finally:
            server.shutdown()
            thread.join()
