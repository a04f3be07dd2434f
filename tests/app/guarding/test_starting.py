from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.guarding.starting import check, look
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig

GOOD = '{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}'


def test_a_description_that_is_none_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text('{"openapi": "3')
    with pytest.raises(ConfigError, match=r"guard.description: .*broken"):
        check(GuardConfig(description="api.json"), Place(None, tmp_path, tmp_path))


def test_all_slips_are_said_at_once(tmp_path: Path) -> None:
    config = GuardConfig(description="nowhere.json")
    config = GuardConfig(description="nowhere.json", origin=type(config.origin)(blocked=("no network",)))
    problems = look(config, Place(None, tmp_path, tmp_path)).problems
    assert [problem.partition(":")[0] for problem in problems] == ["guard.description", "guard.origin.blocked"]


def test_a_sound_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(GOOD)
    config = GuardConfig(description="api.json")
    check(config, Place(None, tmp_path, tmp_path))
    api = look(config, Place(None, tmp_path, tmp_path)).api
    assert api is not None
    assert [operation.key for operation in api.operations] == ["GET /a"]


def test_an_address_is_not_asked(tmp_path: Path) -> None:
    assert look(GuardConfig(description="http://127.0.0.1:1/x"), Place(None, tmp_path, tmp_path)).problems == ()
