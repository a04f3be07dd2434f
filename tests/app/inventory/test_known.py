import os
from collections.abc import Callable
from pathlib import Path

from apiward.app.guarding.described import FILE, keep_described
from apiward.app.guarding.place import Place
from apiward.app.inventory.known import LEAST_S, MOST_AT_ONCE, KnownApi
from apiward.app.learners import new_learner
from apiward.config.guarding import GuardConfig
from apiward.core.jsonvalue import Json
from apiward.core.observation import Observation
from apiward.guard.answers.reading import write
from apiward.spec.reading import read_description
from tests.web.made import SHOP

KEY = bytes(32)


def place_at(folder: Path) -> Place:
    data = folder / ".apiward"
    data.mkdir()
    return Place(folder / "apiward.toml", folder, data)


def test_the_description_is_that_of_the_guard_or_that_of_the_file(tmp_path: Path) -> None:
    place = place_at(tmp_path)
    known = KnownApi(place)
    assert known.described(GuardConfig()) is None
    assert known.described(GuardConfig(description="none.yaml")) is None
    (tmp_path / "shop.yaml").write_bytes(SHOP)
    config = GuardConfig(description="shop.yaml")
    found = known.described(config)
    assert found is not None
    assert found.title == "Cup shop"
    assert known.described(config) is found
    keep_described(place.data, read_description(SHOP.replace(b"Cup shop", b"Guarded"), source="x"))
    guarded = known.described(config)
    assert guarded is not None
    assert guarded.title == "Guarded"
    (place.data / FILE).unlink()
    (tmp_path / "shop.yaml").write_text("no description")
    assert known.described(config) is None
    assert known.described(GuardConfig(description="https://api.shop.example/openapi.json")) is None


def test_permissions_are_made_once_for_each_description(tmp_path: Path) -> None:
    place = place_at(tmp_path)
    known = KnownApi(place)
    first = known.permissions(GuardConfig())
    assert known.permissions(GuardConfig()) is first
    keep_described(place.data, read_description(SHOP, source="x"))
    assert "GET /v2/products" in known.permissions(GuardConfig()).plans


def test_what_was_learned_is_read_again_only_when_it_changed_and_not_too_often(tmp_path: Path) -> None:
    place, now = place_at(tmp_path), [0.0]
    beside: list[Callable[[], None]] = []
    known = KnownApi(place, timer=lambda: now[0], start=beside.append)
    assert known.learned() is None
    (place.data / "pepper").write_bytes(KEY)
    folder = place.data / "learned"
    folder.mkdir()

    def learn(*paths: str) -> None:
        learner = new_learner(KEY)
        for at, path in enumerate(paths * 3):
            answer: Json = {"email": f"anna{at}@example.com"}
            learner.learn(
                Observation(5.0, "GET", path, f"user:{at}", 200, answer_type="application/json", answer=answer)
            )
        (folder / "whole.json").write_bytes(write(learner.state()))
        stamp = len(paths) * 10**9
        os.utime(folder / "whole.json", ns=(stamp, stamp))

    learn("/clients")
    (one,) = known.learned() or ()
    assert (one.key, one.callers, one.holds, one.last_s) == ("GET /clients", 3, (("answer.email", "email"),), 5.0)
    learn("/clients", "/orders")
    assert len(known.learned() or ()) == 1
    now[0] += LEAST_S
    assert len(known.learned() or ()) == 2
    (folder / "whole.json").write_text("broken")
    now[0] += LEAST_S
    assert known.learned() == ()
    with (folder / "more.json").open("wb") as file:
        file.write(b"[" + b" " * MOST_AT_ONCE + b"]")
    now[0] += LEAST_S
    assert known.learned() == ()
    assert known.learned() == ()
    (work,) = beside  # much is read beside, and once
    learn("/clients")
    (folder / "more.json").unlink()
    work()
    assert len(known.learned() or ()) == 1
