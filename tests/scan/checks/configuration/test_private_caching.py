from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.configuration.private_caching import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Call, Case, Json, Pair, Said, SmallApi


def saying(*cache: str, vary: str = "", is_public: bool = False) -> Pair:
    """Return an API whose list of notes says this about caches."""
    api = SmallApi()
    headers = {"Cache-Control": ", ".join(cache)} if cache else {}
    headers |= {"Vary": vary} if vary else {}

    def notes(call: Call) -> Json:
        return Said({"notes": ["all of us"] if is_public else [call.me]}, headers=headers)

    api.route("GET", "/notes", notes, secured=not is_public)
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("public", partial(saying, "public", "max-age=60")),
    ("for shared caches", partial(saying, "s-maxage=60")),
    ("in quotes", partial(saying, 's-maxage="60"')),
    ("after asking again", partial(saying, "max-age=60", "must-revalidate")),
    ("that differs by something else", partial(saying, "Public", "max-age=60", vary="Origin, Accept")),
)
SILENT: tuple[Case, ...] = (
    ("nothing", saying),
    ("no-store", partial(saying, "no-store")),
    ("private", partial(saying, "private", "max-age=60")),
    ("asking again each time", partial(saying, "public", "no-cache")),
    ("for the browser: a log-in in a header keeps shared caches off", partial(saying, "max-age=60")),
    ("over at once", partial(saying, "s-maxage=0", "must-revalidate")),
    ("that differs by who asks", partial(saying, "public", vary="authorization")),
    ("public on purpose", partial(saying, "public", "max-age=60", is_public=True)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK) == {"the whole API"}


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)
