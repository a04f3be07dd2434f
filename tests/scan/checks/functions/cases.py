"""Cases for the checks of staff operations, and a run with an account that has special rights."""

from collections.abc import Callable

from apiward.core.account import Account, Standing
from apiward.scan.api import Check
from tests.scan.checks.functions.staff_api import BOSS, staff_api
from tests.scan.harness import Scanned, scan_app
from tests.scan.small_api import Json, Pair

WORDS = "Only administrators may call this."
BOSS_ACCOUNT = Account(name="boss", username=BOSS[0], password=BOSS[1], standing=Standing.PRIVILEGED)


def staff(*opened: str, **options: Json) -> Callable[[], Pair]:
    """Return a maker of an API whose staff operations of these names are open."""

    def make() -> Pair:
        return staff_api(opened=opened, **options).pair()

    return make


def with_boss(make: Callable[[], Pair], check: Check) -> Scanned:
    """Scan with an account of the business at hand."""
    app, description = make()
    return scan_app(app, description, [check], accounts=[BOSS_ACCOUNT])
