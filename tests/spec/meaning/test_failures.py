import pytest

from apiward.core.jsonvalue import Json
from apiward.spec.meaning.failures import says_failure


@pytest.mark.parametrize(
    "value", [{"status": "fail"}, {"success": False}, {"error": "wrong"}, {"code": 401}, {"meta": {"status": "error"}}]
)
def test_says_failure(value: Json) -> None:
    assert says_failure(value)


@pytest.mark.parametrize("value", [{"status": "ok"}, {"token": "x"}, {"error": None}, [], "fail", {"code": 200}])
def test_does_not_say_failure(value: Json) -> None:
    assert not says_failure(value)
