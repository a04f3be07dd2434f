from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.configuration.security_headers import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Case, Pair, Said, SmallApi

ALL = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def without(*names: str, is_private: bool = True) -> Pair:
    """Return an API whose answers lack these headers."""
    api = SmallApi(shows_me=False)
    headers = {name: value for name, value in ALL.items() if name not in names}

    def read(caller: str) -> Said:
        return Said({"for": caller}, 200, headers)

    api.route("GET", "/thing", lambda call: read(call.me if is_private else "all"), secured=is_private)
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("none at all", partial(without, *ALL)),
    ("may be sniffed", partial(without, "X-Content-Type-Options")),
    ("may be framed", partial(without, "Content-Security-Policy")),
    ("private, but may be stored", partial(without, "Cache-Control")),
)
SILENT: tuple[Case, ...] = (
    ("all there", without),
    ("public, may be stored", partial(without, "Cache-Control", is_private=False)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)
