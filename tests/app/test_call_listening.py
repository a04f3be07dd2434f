import pytest

from apiward.app.call_listening import listening
from apiward.config.errors import AdvisedError
from apiward.net.call_listener import OwnListener
from apiward.net.hosts import Scope


def test_an_api_on_this_computer_can_always_call_us() -> None:
    with listening("", Scope.LOOPBACK) as ear:
        assert ear is not None
        assert ear.origin.startswith("http://127.0.0.1:")
        assert ear.is_inside


@pytest.mark.parametrize("scope", [Scope.PRIVATE, Scope.PUBLIC])
def test_another_one_only_where_it_is_told_to(scope: Scope) -> None:
    with listening("", scope) as ear:
        assert ear is None


def test_a_place_that_is_taken_is_told_with_advice() -> None:
    with OwnListener(clock=lambda: 0.0) as there:
        place = there.origin.removeprefix("http://")
        with pytest.raises(AdvisedError, match="cannot listen") as told, listening(place, Scope.PUBLIC):
            pass
    assert "--listen" in told.value.advice


def test_a_named_place_is_used() -> None:
    with OwnListener(clock=lambda: 0.0) as there:
        place = there.origin.removeprefix("http://")
    with listening(place, Scope.PRIVATE) as ear:
        assert ear is not None
        assert ear.origin == f"http://{place}"
