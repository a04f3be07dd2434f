import pytest

from apiward.core.jsonvalue import Json
from apiward.core.observation import Observation
from apiward.spec.learning.tree import ending_of
from tests.spec.learning.seeing import CALLERS, keys, learner, often, seen

UUIDS = [f"0b9c1f38-3c5b-4f53-9c1b-0a6b6f2a7d{number:02}" for number in range(40)]


def test_numbers_dates_and_ids_become_parameters_at_once() -> None:
    made = learner(
        seen(path, CALLERS[0])
        for path in ("GET /orders/7", "GET /days/2026-11-30", f"GET /notes/{UUIDS[0]}", "GET /people/a@mail.example")
    )
    assert keys(made) == {"GET /orders/{order_id}", "GET /days/{date}", "GET /notes/{note_id}", "GET /people/{email}"}


def test_a_version_and_a_word_beside_ids_stay_as_they_are() -> None:
    made = learner([*often("GET /api/v1/users/me"), *(seen(f"GET /api/v1/users/{number}") for number in range(20))])
    assert keys(made) == {"GET /api/v1/users/me", "GET /api/v1/users/{user_id}"}


def test_an_ending_stays_and_a_verb_too() -> None:
    made = learner([seen("GET /reports/5.json"), seen("GET /reports/6.json"), seen("POST /orders/5:cancel")])
    assert keys(made) == {"GET /reports/{report_id}.json", "POST /orders/{order_id}:cancel"}
    assert ending_of("readme.md") is None
    assert ending_of("7") == ""


def profile(name: str) -> Json:
    return {"profile": {"username": name, "bio": None}}


def test_words_that_answers_name_become_a_parameter_called_like_the_property() -> None:
    names = ["anna", "bruno", "carla", "dario"]
    made = learner(seen(f"GET /profiles/{name}", answer=profile(name)) for name in names)
    assert keys(made) == {"GET /profiles/{username}"}


def test_what_stands_below_a_word_moves_with_it() -> None:
    names = ["anna", "bruno", "carla", "dario"]
    follows = [seen(f"POST /profiles/{name}/follow", answer={"done": True}) for name in names]
    shown = [seen(f"GET /profiles/{name}", answer=profile(name)) for name in names]
    assert keys(learner([*follows, *shown])) == {"GET /profiles/{username}", "POST /profiles/{username}/follow"}
    assert keys(learner([*shown, *follows])) == {"GET /profiles/{username}", "POST /profiles/{username}/follow"}


def test_a_fixed_word_beside_named_ones_stays() -> None:
    names = ["anna", "bruno", "carla", "dario"]
    made = learner(
        [*(seen(f"GET /profiles/{name}", answer=profile(name)) for name in names), seen("POST /profiles/search")]
    )
    assert keys(made) == {"GET /profiles/{username}", "POST /profiles/search"}


def test_words_that_do_the_same_and_look_like_values_become_a_parameter() -> None:
    made = learner(seen(f"GET /books/title{number}", answer={"pages": 1, "price": 2}) for number in range(12))
    assert keys(made) == {"GET /books/{book_id}"}


def test_an_update_of_one_property_shows_a_value_too() -> None:
    fields: dict[str, Json] = {"title": "a", "text": "b", "tags": [], "place": "c", "end": "d"}
    whole = [seen(f"PUT /notes/note{n}-x", body={"note": fields}, answer={"ok": True}) for n in range(8)]
    one = seen("PUT /notes/late9-y", body={"note": {"text": "b"}}, answer={"ok": True})
    assert keys(learner([*whole, one])) == {"PUT /notes/{note_id}"}
    other = seen("PUT /notes/import2", body={"file": "b", "kind": "c"}, answer={"ok": True})
    assert "PUT /notes/import2" in keys(learner([*whole, other]))


CODES = ["fi75SWzh", "gv7jGu2U", "bPM2KoKK", "aH4mnB7q", "zT3kLm9p", "wQ5rtY2u"]


@pytest.mark.parametrize(
    "drawn",
    [["PunqyMjk", "jbttetES", "cWiDxSrg"], ["KalenRos"], ["Zjrwzsoc"], ["Kalenros"], ["KALENROS"], ["zjrwzsoc"]],
)
def test_short_ids_of_letters_that_do_as_the_values_beside_them_become_values(drawn: list[str]) -> None:
    known = [seen(f"{method} /links/{one}", answer=[]) for one in CODES for method in ("GET", "DELETE")]
    later = [seen(f"DELETE /links/{one}", answer=[]) for one in drawn]
    assert keys(learner([*known, *later])) == {"GET /links/{link_id}", "DELETE /links/{link_id}"}


@pytest.mark.parametrize(
    "others",
    [
        often("GET /links/topLinks", 50, answer=[]),  # it comes as often as they do
        [seen("GET /links/currentLinks", answer=[])],  # it is longer
        [seen("GET /links/toplinks", answer=[])],  # it has no capital, and people can say it
        often("GET /links/Toplinks", 4, 4, answer=[]),  # four callers have shown it
        often("GET /links/dwnlnkss", 4, 4, answer=[]),  # the same, though nobody can say it
        [seen("GET /links/topLinks", answer=[{"id": 1, "url": "x"}])],  # it answers something else
        [seen("POST /links/topLinks", answer=[])],  # it does something else
    ],
)
def test_a_word_in_camel_case_beside_short_ids_stays(others: list[Observation]) -> None:
    known = [seen(f"GET /links/{one}", answer={"to": "y", "hits": 1}) for one in CODES * 8]
    if others[0].answer == []:
        known = [seen(f"GET /links/{one}", answer=[]) for one in CODES * 8]
    (path,) = {one.path for one in others}
    assert f"{others[0].method} {path}" in keys(learner([*known, *others]))


def test_resources_beside_one_another_stay_apart_even_where_a_list_names_them() -> None:
    names = ["orders", "users", "products", "carts"]
    links: Json = [{"rel": name} for name in names]
    made = learner(
        [
            seen("GET /api", answer=links),
            *(seen(f"GET /api/{name}", answer={f"{name}_count": 1, f"{name}_more": 2}) for name in names * 9),
        ]
    )
    assert keys(made) == {"GET /api", *(f"GET /api/{name}" for name in names)}


def test_health_checks_beside_one_another_stay_apart() -> None:
    made = learner(seen(f"GET /health/{name}", answer={"status": "ok"}) for name in ("live", "ready", "startup") * 20)
    assert len(keys(made)) == 3


def test_a_described_template_is_taken_as_it_is() -> None:
    made = learner(seen(f"GET /shops/{name}/items", template="/shops/{shop}/items") for name in ("one", "two", "three"))
    assert keys(made) == {"GET /shops/{shop_id}/items"}


def test_endless_paths_take_no_endless_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apiward.spec.learning.room.MOST_NODES", 300)
    made = learner(seen(f"GET /files/{'ab'[n % 2]}{chr(97 + n % 26)}x/{n}/z{n}q") for n in range(800))
    assert made._tree.root.size() <= 300 + 2


def test_refused_requests_make_no_paths() -> None:
    made = learner([seen("GET /secret", status=403), seen("GET /gone", status=404), seen("GET /x", is_doubted=True)])
    assert keys(made) == set()


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE"])
def test_questions_about_an_operation_are_none(method: str) -> None:
    assert keys(learner([seen(f"{method} /items")])) == set()
