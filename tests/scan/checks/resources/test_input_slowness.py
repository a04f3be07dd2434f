import itertools
import re
from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.resources.input_slowness import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi

SLOW_EMAIL = re.compile(r"^([a-zA-Z0-9._+-]+)+@[a-z.]+$")
SLOW_HOST = re.compile(r"^https?://([a-z]+\.?)+/$")
SLOW_SPACES = re.compile(r"\s*,?\s*$")
QUICK_EMAIL = re.compile(r"^[a-zA-Z0-9._+-]{1,64}@[a-z.]{1,200}$")


def checked_by(pattern: re.Pattern[str], field: str, *, method: str = "POST", fails_with_200: bool = False) -> Pair:
    """Return an API that checks one field of a body with a pattern; the text is cut, to bound what a test takes."""
    api = SmallApi(has_accounts=False, fails_with_200=fails_with_200)

    def take(call: Call) -> Json:
        if not pattern.search(str(call.data.get(field, ""))[:34]):
            raise RefusalError(422, f"{field} is not well formed")
        return {"status": "ok"}

    api.route(method, "/contact", take, body={field: "string", "message": "string"}, secured=False)
    return api.pair()


def searched_by(pattern: re.Pattern[str]) -> Pair:
    """Return an API that looks at a query field with a pattern that slows down with the cube of the length."""
    api = SmallApi(has_accounts=False)

    def find(call: Call) -> Json:
        return {"found": bool(pattern.search(call.query.get("q", "")))}

    api.route("GET", "/items", find, query=["q"], secured=False)
    return api.pair()


def busy(steps: Callable[[str], int]) -> Pair:
    """Return an API that works for a number of steps that depends on the text, then refuses it."""
    api = SmallApi(has_accounts=False)

    def take(call: Call) -> Json:
        sum(itertools.repeat(1, steps(str(call.data.get("email", "")))))
        raise RefusalError(422, "no")

    api.route("POST", "/contact", take, body={"email": "string"}, secured=False)
    return api.pair()


def by_turns() -> Pair:
    """Return an API that is slow at every third call, whatever is sent."""
    calls = itertools.count()
    return busy(lambda _: 6_000_000 if next(calls) % 3 == 0 else 10)


TRIGGERS: tuple[Case, ...] = (
    ("an e-mail pattern", partial(checked_by, SLOW_EMAIL, "email")),
    ("an e-mail pattern, refused with 200", partial(checked_by, SLOW_EMAIL, "email", fails_with_200=True)),
    ("an e-mail pattern in a PUT", partial(checked_by, SLOW_EMAIL, "contact_email", method="PUT")),
    ("a link pattern", partial(checked_by, SLOW_HOST, "website")),
    ("the cube of the length", partial(searched_by, SLOW_SPACES)),
)
SILENT: tuple[Case, ...] = (
    ("a quick pattern", partial(checked_by, QUICK_EMAIL, "email")),
    ("a quick pattern, refused with 200", partial(checked_by, QUICK_EMAIL, "email", fails_with_200=True)),
    ("a quick search", partial(searched_by, re.compile(r"x$"))),
    ("the same work for every text", partial(busy, lambda _: 1_000_000)),
    ("work in step with the length", partial(busy, lambda text: 600 * len(text))),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_what_is_slow_now_and_then_is_no_finding() -> None:
    assert not broken_at(by_turns, CHECK)
