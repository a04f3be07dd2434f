from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.configuration.technology_disclosure import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Case, Pair, Said, SmallApi


def with_header(name: str, value: str, *, status: int = 200) -> Pair:
    """Return an API with two operations of which one carries the header."""
    api = SmallApi(has_accounts=False)
    api.route("GET", "/plain", lambda _: {"a": 1}, secured=False)
    api.route("GET", "/dressed", lambda _: Said({"a": 1}, status, {name: value}), secured=False)
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("server with version", partial(with_header, "Server", "nginx/1.18.0 (Ubuntu)")),
    ("several products", partial(with_header, "Server", "Werkzeug/2.2.3 Python/3.11.7")),
    ("framework", partial(with_header, "X-Powered-By", "Express")),
    ("on an error", partial(with_header, "X-AspNet-Version", "4.0.30319", status=404)),
)
SILENT: tuple[Case, ...] = (
    ("server without version", partial(with_header, "Server", "nginx")),
    ("another header", partial(with_header, "X-Request-Id", "nginx/1.2.3")),
    ("empty", partial(with_header, "X-Powered-By", "")),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_says_it_once_for_the_host() -> None:
    assert len(broken_at(TRIGGERS[0][1], CHECK)) == 1
