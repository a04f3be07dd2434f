import pytest

from apiward.cli.selection import UnknownOperationError, chosen_checks, chosen_operations
from apiward.config.errors import AdvisedError
from apiward.core.api import Api, Operation
from apiward.scan.registry import CHECKS

API = Api("Shop", "1", (Operation("GET", "/a", base_path="/v1"), Operation("PUT", "/a", base_path="/v1")))


def _codes(only: list[str], skip: list[str]) -> set[str]:
    return {check.code for check in chosen_checks(CHECKS, only, skip)}


def test_checks_by_code_name_and_family() -> None:
    assert _codes(["obj01, object-change"], []) == {"OBJ01", "OBJ02"}
    configuration = {check.code for check in CHECKS if check.code.startswith("CFG")}
    assert _codes(["Configuration"], ["CFG01,CFG02"]) == configuration - {"CFG01", "CFG02"}
    assert _codes([], []) == {check.code for check in CHECKS}


def test_nothing_left_is_told() -> None:
    with pytest.raises(AdvisedError, match="No check is left"):
        _codes(["OBJ01"], ["objects"])


def test_unknown_checks_are_told_with_the_nearest() -> None:
    with pytest.raises(AdvisedError, match="Did you mean objects"):
        _codes(["obje"], [])
    with pytest.raises(AdvisedError, match=r"Did you mean INJ01 \(sql-injection\)"):
        _codes(["sql"], [])
    with pytest.raises(AdvisedError, match=r"AUT11 \(weak-password\)"):
        _codes(["password"], [])
    with pytest.raises(AdvisedError, match="There is no check 'zzzz'"):
        _codes(["zzzz"], [])


def test_a_check_of_another_version_is_told() -> None:
    with pytest.raises(AdvisedError, match="this version cannot check it"):
        chosen_checks(CHECKS[1:], [CHECKS[0].code], [])


def test_operations_with_or_without_method_and_base() -> None:
    assert chosen_operations(API, ["/a"]) == {"GET /v1/a", "PUT /v1/a"}
    assert chosen_operations(API, ["get  /v1/a"]) == {"GET /v1/a"}
    assert chosen_operations(API, []) == frozenset()


def test_unknown_operations_are_told_with_the_nearest() -> None:
    with pytest.raises(UnknownOperationError, match="Did you mean"):
        chosen_operations(API, ["GET /v1/b"])
