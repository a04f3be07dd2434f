"""What is known in all has a bound, and what many have shown keeps its room."""

import pytest

from apiward.core.jsonvalue import Json
from apiward.core.observation import Observation
from apiward.spec.learning import room
from apiward.spec.learning.learner import Learner
from tests.spec.learning.seeing import classify, digest, keys, learner, often, seen

USER: Json = {"id": 1, "name": "Anna", "city": "Bern"}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_PLACES", 600)
    monkeypatch.setattr("apiward.spec.learning.tree.MAKE_ROOM_EVERY", 5)


def odd(count: int, start: int = 0, wide: int = 30) -> list[Observation]:
    """Return requests of one caller that an API answers at any address, each with names of its own."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        seen(f"GET /{letters[n % 26]}{letters[n // 26 % 26]}y/p", "evil", answer={f"n{n}x{m}q": m for m in range(wide)})
        for n in range(start, start + count)
    ]


def places(made: Learner) -> int:
    return room.MOST_PLACES - room.left(made._tree.root)[1]


@pytest.mark.usefixtures("small")
def test_an_api_that_answers_anything_fills_up_no_memory() -> None:
    made = learner(odd(200))
    assert 0 < places(made) <= 600


@pytest.mark.usefixtures("small")
def test_what_many_have_shown_stays_and_what_is_new_still_finds_room() -> None:
    made = learner([*often("GET /users", 40, answer=[USER]), *odd(200), *often("POST /orders", 40, body=USER)])
    known = {one.operation.key: one for one in made.learned().operations}
    assert known["GET /users"].sureness.is_sure
    assert known["POST /orders"].sureness.is_sure
    (body,) = known["POST /orders"].operation.bodies
    assert set(body.schema.properties) == {"id", "name", "city"}


@pytest.mark.long
@pytest.mark.usefixtures("small")
def test_what_all_know_is_not_let_go_for_what_is_new() -> None:
    wide: Json = {f"field{n}": n for n in range(100)}
    made = learner(one for n in range(5) for one in often(f"GET /{'abcde'[n]}", 40, answer=wide))
    before = keys(made)
    for one in [*often("GET /late", 40, answer=wide), *often("GET /later", 40, answer=wide)]:
        made.learn(one)
    assert made.is_full
    assert before <= keys(made)
    assert "GET /later" not in keys(made)
    assert places(made) <= 600


@pytest.mark.usefixtures("small")
def test_a_sound_api_has_room() -> None:
    made = learner([*often("GET /users", 40, answer=[USER]), *often("POST /users", 40, body=USER, answer=USER)])
    assert not made.is_full
    assert keys(made) == {"GET /users", "POST /users"}


def test_workers_together_have_no_more_room_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    states = [learner(odd(20, start=20 * n)).state() for n in range(5)]
    honest = learner(often("GET /users", 40, answer=[USER])).state()
    monkeypatch.setattr(room, "MOST_PLACES", 600)
    made = Learner(digest, classify)
    for state in (*states, honest):
        made.merge(state)
        assert places(made) <= 600
    assert "GET /users" in keys(made)


def test_even_what_many_have_shown_is_bounded_when_workers_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    states = [learner(often(f"GET /{'abcde'[n]}", 8 + n, answer=USER)).state() for n in range(5)]
    monkeypatch.setattr(room, "MOST_PLACES", 3 * (room.OPERATION + 4))
    made = Learner(digest, classify)
    for state in states:
        made.merge(state)
    assert keys(made) == {"GET /c", "GET /d", "GET /e"}


def test_names_of_few_callers_do_not_add_up_over_restarts() -> None:
    made = learner(often("POST /users", 40, body=USER))
    for start in range(6):
        names: Json = {f"x{start}y{n}z": 1 for n in range(110)}
        evil = [seen("POST /users", "evil", body={f"{one}{n}": names}) for n, one in enumerate("abc")]
        made.merge(learner(evil).state())
    (seen_there,) = (one for _, _, one in made._tree.operations())
    assert seen_there.size() < 700
    assert set(made.learned().operations[0].operation.bodies[0].schema.properties) == {"id", "name", "city"}


def test_paths_that_lead_nowhere_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    made = learner([*odd(40), *often("GET /users", 40)])
    monkeypatch.setattr(room, "MOST_NODES", 3)
    room.fit(made._tree.root)
    assert made._tree.root.size() <= 3
    assert keys(made) == {"GET /users"}


def test_methods_of_one_path_are_bounded() -> None:
    made = learner(seen(f"M{n} /a") for n in range(50))
    assert len(made._tree.root.fixed["a"].operations) == room.MOST_METHODS
