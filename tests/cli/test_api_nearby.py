import socket
from pathlib import Path

from apiward.cli.api_nearby import api_nearby
from apiward.demo.server import free_port
from tests.web.made import served, shop


def test_what_answers_on_this_computer_is_found(tmp_path: Path) -> None:
    silent = free_port()
    with shop(tmp_path) as one, served(one) as origin, socket.create_server(("127.0.0.1", 0)) as mute:
        port = int(origin.rpartition(":")[2])
        assert api_nearby((silent, mute.getsockname()[1], port), wait_s=1.0) == f"http://localhost:{port}"
    assert api_nearby((silent,)) == ""


def test_what_takes_a_connection_and_is_silent_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert api_nearby((mute.getsockname()[1],), wait_s=0.2) == ""
