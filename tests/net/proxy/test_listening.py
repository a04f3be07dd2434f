"""Workers share one socket; one that lets go of it takes nobody from it any more, the others still do."""

import os
import socket

import pytest

from apiward.net.proxy.listening import let_go, listener


def test_who_lets_go_takes_nobody_and_leaves_the_others_alone() -> None:
    with listener("127.0.0.1", 0, 8) as ours, socket.socket(fileno=os.dup(ours.fileno())) as theirs:
        address = ours.getsockname()
        os.set_blocking(ours.fileno(), False)
        let_go(ours.fileno())
        theirs.settimeout(5)
        with socket.create_connection(address, 5):
            with pytest.raises(BlockingIOError):
                ours.accept()
            taken, _ = theirs.accept()
            taken.close()


def test_a_taken_port_is_said() -> None:
    with listener("127.0.0.1", 0) as first, pytest.raises(OSError, match="already in use"):
        listener("127.0.0.1", first.getsockname()[1])


def test_ipv6_is_an_address_with_colons() -> None:
    with listener("::1", 0) as ours:
        assert ours.family is socket.AF_INET6
