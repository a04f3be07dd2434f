import pytest

from apiward.net.forwarding.anchoring import CheckpointPost
from tests.app.forwarding.receiving import receiver


def test_a_checkpoint_is_posted_as_it_is() -> None:
    with receiver() as got:
        place = CheckpointPost(got.address, lambda: 1.0)
        place.put("apiward/1\n7\nroot\n\n— apiward/1 sig\n")
        assert "/lines" not in place.name
    assert got.lines == ["apiward/1", "7", "root", "", "— apiward/1 sig"]
    assert got.headers[0]["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("status", [400, 503])
def test_what_was_not_taken_is_an_error(status: int) -> None:
    with receiver() as got:
        got.status = status
        with pytest.raises(OSError, match=str(status)):
            CheckpointPost(got.address, lambda: 1.0).put("note")


def test_nobody_there_is_an_error() -> None:
    with pytest.raises(OSError, match="no answer"):
        CheckpointPost("http://127.0.0.1:1/x", lambda: 1.0).put("note")
