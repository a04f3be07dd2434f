from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.made import Browser, Shop, filled, shop


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    """Give a shop in which nothing has happened."""
    with shop(tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str]]:
    """Give somebody at the page of a shop with something of each kind, and the id of its worst incident."""
    with shop(tmp_path_factory.mktemp("shop")) as one:
        incident = filled(one)
        yield Browser(one), incident
