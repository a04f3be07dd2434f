import socket

import pytest

from apiward.app.page.listening import page_place
from apiward.config.errors import AdvisedError


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "[::]", "shop.example"])
def test_beyond_this_computer_the_page_is_refused(host: str) -> None:
    with pytest.raises(AdvisedError, match="no log-in yet") as error:
        page_place(f"{host}:8181")
    assert "ssh -L 8181:127.0.0.1:8181" in error.value.advice


def test_on_this_computer_it_may_be_where_nobody_else_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AdvisedError, match="cannot listen"):
            page_place(f"127.0.0.1:{port}")
    assert page_place(f"localhost:{port}") == ("127.0.0.1", port)
    assert page_place(f"[::1]:{port}") == ("::1", port)
    with pytest.raises(AdvisedError, match="no host with a port"):
        page_place("8181")
