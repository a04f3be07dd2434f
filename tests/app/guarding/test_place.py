from pathlib import Path

from apiward.app.guarding.place import Overrides, Place
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Mode
from apiward.guard.stages.quota import QuotaSettings


def test_places_are_told_by_the_file(tmp_path: Path) -> None:
    place = Place.of(tmp_path / "apiward.toml", GuardConfig(data="kept"))
    assert (place.base, place.data) == (tmp_path, tmp_path / "kept")
    assert Place.of(None, GuardConfig()).data == Path.cwd() / ".apiward"


def test_the_command_line_wins_and_only_where_it_says_something() -> None:
    config = GuardConfig(upstream="http://127.0.0.1:1", mode=Mode.ENFORCE, workers=3)
    assert Overrides().applied(config) == config
    held = Overrides(mode=Mode.WATCH, workers=1).applied(config)
    assert (held.upstream, held.mode, held.workers) == ("http://127.0.0.1:1", Mode.WATCH, 1)


def test_a_rehearsal_counts_no_requests_and_tells_them_as_before() -> None:
    config = GuardConfig(quota=QuotaSettings(per_minute=5, tell=False))
    assert Overrides(is_rehearsal=True).applied(config).quota == QuotaSettings(per_minute=0, concurrency=0, tell=False)
