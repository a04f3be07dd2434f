"""Cutting one client's connection, and no other."""

import socket

from apiward.net.proxy.hangup import cut


def _pair(family: socket.AddressFamily, host: str) -> tuple[socket.socket, socket.socket]:
    with socket.create_server((host, 0), family=family) as server:
        client = socket.create_connection(server.getsockname()[:2])
        accepted, _ = server.accept()
        return client, accepted


def test_the_right_connection_is_cut() -> None:
    client, accepted = _pair(socket.AF_INET, "127.0.0.1")
    other, also = _pair(socket.AF_INET, "127.0.0.1")
    with client, accepted, other, also:
        host, port = client.getsockname()
        assert cut(host, str(port))
        client.settimeout(5)
        assert client.recv(1) == b""
        also.sendall(b"x")
        assert other.recv(1) == b"x"


def test_nobody_there_is_said() -> None:
    assert not cut("192.0.2.1", 1)
