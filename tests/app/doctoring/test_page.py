from pathlib import Path

import pytest

from apiward.app.doctoring.model import State
from apiward.app.doctoring.page import answers, look_at_page
from apiward.app.page.links import note_address
from apiward.config.page import PageConfig
from apiward.demo.server import free_port
from tests.web.made import served, shop

HERE = "http://127.0.0.1:8181"
OPEN = PageConfig(names=("page.example",), proxies=("127.0.0.1",))


@pytest.mark.parametrize(
    ("config", "people", "status", "state", "said"),
    [
        (PageConfig(), 0, 200, State.GOOD, "on this computer alone"),
        (PageConfig(), 0, 0, State.BROKEN, "does not answer"),
        (OPEN, 0, 200, State.MISSING, "nobody can log in"),
        (OPEN, 1, 200, State.GOOD, "people can log in"),
        (OPEN, None, 200, State.GOOD, "is not known"),
        (OPEN, 0, 0, State.BROKEN, "does not answer"),
    ],
)
def test_a_page_is_looked_at_as_others_see_it(
    tmp_path: Path, config: PageConfig, people: int | None, status: int, state: State, said: str
) -> None:
    note_address(tmp_path, HERE)
    asked: list[str] = []

    def ask(address: str) -> bool:
        asked.append(address)
        return status == 200

    seen = look_at_page(tmp_path, config, people, ask)
    assert (seen.state, said in seen.said, asked) == (state, True, [HERE])


def test_where_none_runs_nothing_is_asked(tmp_path: Path) -> None:
    seen = look_at_page(tmp_path, OPEN, 0, lambda _: pytest.fail("asked"))
    assert (seen.state, seen.command) == (State.LATER, "apiward up")


def test_a_page_that_is_served_answers(tmp_path: Path) -> None:
    with shop(tmp_path) as here, served(here) as origin:
        assert answers(origin)
    assert not answers(f"http://127.0.0.1:{free_port()}")
