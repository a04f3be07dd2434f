from apiward.app.inventory.permitted import Cell, Matrix, May, Seen, columns
from apiward.core.api import Api, Operation, SchemeKind, SecurityScheme
from apiward.guard.permission.rules import PermitSettings, RoleSettings, RuleSettings
from apiward.guard.permission.table import Permissions
from apiward.stores.counted.tallying import ROLE_MARK, RoleSeen

LOG_IN = (("log",),)
API = Api(
    "Shop",
    "1",
    (
        Operation("GET", "/open", security=()),
        Operation("GET", "/silent"),
        Operation("GET", "/mine", security=LOG_IN),
        Operation("GET", "/staff", security=LOG_IN),
        Operation("GET", "/files/{name}"),
    ),
    {"log": SecurityScheme("log", SchemeKind.BEARER)},
)
SETTINGS = PermitSettings(
    roles=(RoleSettings("admin", inherits=("clerk",)), RoleSettings("clerk")),
    rules=(
        RuleSettings(name="staff", operations=("GET /staff",), roles=("clerk",)),
        RuleSettings(name="secret", effect="forbid", operations=("GET /files/secret",)),
    ),
)
ROLES = ("anonymous", "user", f"{ROLE_MARK}admin", f"{ROLE_MARK}clerk", f"{ROLE_MARK}guest")


def may(operation: str, *, is_said: bool = True) -> list[May]:
    matrix = Matrix(Permissions(SETTINGS, API), ROLES)
    return [cell.may for cell in matrix.cells(operation, (), is_said=is_said)]


def test_the_columns_are_those_of_the_rules_and_those_that_were_seen() -> None:
    seen = [
        RoleSeen("key", went_well=True),
        RoleSeen(f"{ROLE_MARK}guest", went_well=True),
        RoleSeen("anonymous", went_well=False),
    ]
    assert columns(SETTINGS, seen) == (*ROLES, "key")
    assert columns(PermitSettings(), ()) == ("anonymous", "user")


def test_rules_and_description_say_who_may() -> None:
    yes, no = May.YES, May.NO
    assert may("GET /open") == [yes] * 5
    assert may("GET /mine") == [no, yes, yes, yes, yes]
    assert may("GET /staff") == [no, no, yes, yes, no]


def test_what_nobody_says_is_not_known_and_never_a_yes() -> None:
    assert may("GET /silent", is_said=False) == [May.UNKNOWN] * 5
    assert may("GET /none") == [May.UNKNOWN] * 5
    assert may("GET /files/{name}", is_said=False) == [May.DEPENDS] * 5


def test_somebody_who_may_not_and_was_let_in_is_odd() -> None:
    matrix = Matrix(Permissions(SETTINGS, API), ROLES[:2])
    seen = (RoleSeen("anonymous", went_well=True), RoleSeen("user", went_well=False))
    cells = matrix.cells("GET /mine", seen, is_said=True)
    assert cells == (Cell(May.NO, Seen.WELL), Cell(May.YES, Seen.VAIN))
    assert [cell.is_odd for cell in cells] == [True, False]
    sound = matrix.cells("GET /open", seen, is_said=True)
    assert [cell.is_odd for cell in sound] == [False, False]
    turned_away = matrix.cells("GET /mine", (RoleSeen("anonymous", went_well=False),), is_said=True)
    assert not any(cell.is_odd for cell in turned_away)
    assert not any(cell.is_odd for cell in matrix.cells("GET /silent", seen, is_said=False))
