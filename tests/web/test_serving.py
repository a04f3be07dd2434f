import contextlib
import socket
from pathlib import Path
from urllib.parse import urlsplit

from tests.web.made import served, shop

SILENT = 300


def test_who_opens_many_connections_and_says_nothing_keeps_nobody_out(tmp_path: Path) -> None:
    with shop(tmp_path) as one, served(one) as origin, contextlib.ExitStack() as open_now:
        place = ("127.0.0.1", urlsplit(origin).port or 0)
        for _ in range(SILENT):
            open_now.enter_context(socket.create_connection(place))
        asking = open_now.enter_context(socket.create_connection(place, timeout=8.0))
        asking.sendall(f"GET /icon.svg HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\n\r\n".encode())
        assert asking.recv(12) == b"HTTP/1.1 200"
