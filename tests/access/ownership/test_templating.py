from hypothesis import given
from hypothesis import strategies as st

from apiward.access.ownership.templating import Templates
from tests.guard.calls import call


def test_ids_are_told_by_their_form() -> None:
    made = Templates()
    for part in (
        "17",
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        "BK-2X9",
        "anna@shop.test",
        "aW52b2ljZToxMjU",
        "ab12cd34ef56",
    ):
        assert made.read(call("GET", f"/v1/notes/{part}/lines")) == ("/v1/notes/{}/lines", (part,))


def test_words_are_words() -> None:
    assert Templates().read(call("GET", "/api/v2/notes/search")) == ("/api/v2/notes/search", ())


def test_many_words_in_one_place_are_ids() -> None:
    made = Templates()
    for number in range(30):
        word = "".join(chr(97 + int(digit)) for digit in str(number))
        made.learn(call("GET", f"/users/name{word}x"))
    assert made.read(call("GET", "/users/newcomer")) == ("/users/{}", ("newcomer",))
    assert made.read(call("GET", "/other/newcomer")) == ("/other/newcomer", ())


def test_what_a_list_has_shown_is_an_id() -> None:
    made = Templates(lambda template, part: (template, part) == ("/pages", "welcome"))
    assert made.read(call("GET", "/pages/welcome")) == ("/pages/{}", ("welcome",))


@given(st.text(max_size=60))
def test_no_path_raises(path: str) -> None:
    made = Templates()
    request = call("GET", "/")
    request.path = "/" + path
    made.learn(request)
    made.read(request)


def _proven(*words: str, people: int = 4) -> Templates:
    made = Templates()
    for number, word in enumerate(words):
        made.prove("/projects", word, number % people)
    return made


def test_a_word_that_an_answer_names_as_its_id_is_one() -> None:
    made = _proven("new-roof")
    assert made.read(call("GET", "/projects/new-roof/tasks")) == ("/projects/{}/tasks", ("new-roof",))
    assert made.is_word("/projects", "old-roof")
    assert not made.is_word("/projects", "new-roof")


SLUGS = ("new-roof", "old-roof", "red-door", "big-hall", "wet-cellar", "far-barn")


def test_where_several_are_ids_all_of_the_same_make_are_but_routes_stay_words() -> None:
    made = _proven(*SLUGS)
    assert made.read(call("GET", "/projects/low-bridge")) == ("/projects/{}", ("low-bridge",))
    for word in ("search", "export", "v2"):
        assert made.read(call("GET", f"/projects/{word}")) == (f"/projects/{word}", ())


def test_ids_that_look_like_routes_and_those_of_three_callers_make_no_rule() -> None:
    assert _proven("search", *SLUGS).is_word("/projects", "low-bridge")
    assert _proven(*SLUGS, people=3).is_word("/projects", "low-bridge")
