"""What is learned of a small API, from nothing: whose notes are whose, and that thieves teach nothing."""

import json
from dataclasses import dataclass, field

from apiward.access.ownership.rights import Rights
from apiward.access.ownership.rules import ObjectMode, ObjectRule
from apiward.access.ownership.settings import ObjectsSettings
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.core.objects import ObjectVerdict, Whose
from apiward.core.principal import Principal, PrincipalKind
from apiward.stores.ownership.memory import MemoryFacts
from tests.guard.calls import NOW_S, answer, call

DAY_S = 86_400.0


@dataclass
class Api:
    """A tiny API of notes, without any check of its own, behind the rights."""

    rights: Rights
    owners: dict[int, str] = field(default_factory=dict)
    now_s: float = NOW_S
    shows_owner: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, who: str, method: str, path: str, shown: Json = None, *, sent: Json | None = None
    ) -> ObjectVerdict | None:
        """Send one request through the rights in shadow mode: it is answered, whatever is said of it."""
        body = NOT_JSON if sent is None else sent
        made = call(method, path, headers=self.headers, json=body, principal=user(who), started_s=self.now_s)
        said = [self.rights.judge_head(made), self.rights.judge_body(made)]
        said += [self.rights.judge_answer(made, answer(json=shown), shown), self.rights.judge_status(made, 200)]
        told = next((one for one in said if one is not None), None)
        if told is None:  # the stage lets nothing else teach
            self.rights.learn(made, 200)
        return told

    def create(self, who: str) -> int:
        """Make a note."""
        number = len(self.owners) + 1
        self.owners[number] = who
        self.ask(who, "POST", "/notes", self.note(number), sent={"text": "a b"})
        return number

    def list(self, who: str) -> None:
        """Look at one's own notes."""
        self.ask(who, "GET", "/notes", {"items": [self.note(n) for n, owner in self.owners.items() if owner == who]})

    def read(self, who: str, number: int) -> ObjectVerdict | None:
        """Read one note, whoever's it is."""
        return self.ask(who, "GET", f"/notes/{number}", self.note(number))

    def note(self, number: int) -> Json:
        """Return a note as it is shown."""
        shown: dict[str, Json] = {"id": number, "text": "some words"}
        return {**shown, "owner": self.owners[number]} if self.shows_owner else shown


def user(name: str) -> Principal:
    return Principal(PrincipalKind.USER, name)


def business(*, days: int = 4, shows_owner: bool = False, staff: tuple[str, ...] = ()) -> Api:
    """Return an API that eight people have used for some days, each with notes of their own."""
    made = Rights(ObjectsSettings(staff=staff), None, MemoryFacts(), bytes(32))
    api = Api(made, shows_owner=shows_owner)
    for _ in range(days):
        for who in PEOPLE:
            number = api.create(who)
            api.list(who)
            assert api.read(who, number) is None
        api.now_s += DAY_S
    return api


PEOPLE = [f"person{number}" for number in range(8)]


def is_foreign(said: ObjectVerdict | None) -> bool:
    return said is not None and said.whose is Whose.FOREIGN


def test_a_stranger_is_seen_at_reads_and_writes() -> None:
    api = business()
    said = api.read(PEOPLE[1], 1)
    assert is_foreign(said)
    assert said is not None
    assert (said.kind, said.mode) == ("/notes", ObjectMode.SHADOW)
    assert is_foreign(api.ask(PEOPLE[1], "DELETE", "/notes/1"))
    assert api.read(PEOPLE[0], 1) is None


def test_nothing_is_said_before_it_has_warmed_up() -> None:
    api = business(days=2)
    assert api.read(PEOPLE[1], 1) is None


def test_what_is_not_known_is_never_foreign() -> None:
    api = business()
    api.owners[99] = "nobody"
    assert api.read(PEOPLE[1], 99) is None


def test_a_theft_that_was_let_through_gives_no_right() -> None:
    api = business()
    for _ in range(5):
        assert is_foreign(api.read(PEOPLE[1], 1))
        api.now_s += DAY_S


def test_an_echo_of_a_foreign_id_gives_no_right() -> None:
    api = business()
    thief = PEOPLE[1]
    for _ in range(5):
        api.ask(thief, "POST", "/notes", {"id": 1, "text": "x"}, sent={"id": 1, "text": "x", "ref": 1})
        number = api.create(thief)
        api.ask(thief, "PUT", f"/notes/{number}", {"id": number, "ref": 1}, sent={"ref": 1, "note_id": 1})
        api.ask(thief, "GET", "/notes", {"items": [{"id": number, "ref": 1, "note_id": 1}]})
    assert is_foreign(api.read(thief, 1))


def test_an_id_that_was_sent_anywhere_makes_no_owner() -> None:
    api = business()
    thief = PEOPLE[1]
    bodies: list[Json] = [{"a": {"b": {"c": [{"id": 1}]}}}, {**{f"x{n}": n + 100 for n in range(40)}, "last": "1"}]
    for sent in bodies:
        api.ask(thief, "POST", "/notes", {"id": 1, "text": "x"}, sent=sent)
    api.ask(thief, "POST", "/notes?id=1", {"id": 1, "text": "x"}, sent={"text": "x"})
    assert is_foreign(api.read(thief, 1))
    assert api.read(PEOPLE[0], 1) is None


def test_an_object_of_ones_own_that_repeats_a_foreign_id_changes_no_owner() -> None:
    api = business(shows_owner=True)
    thief = PEOPLE[1]
    api.ask(thief, "POST", "/notes", {"id": 99, "owner": thief, "note_id": 1}, sent={"note_id": 1, "id": 1})
    assert is_foreign(api.read(thief, 1))
    api.ask(thief, "PUT", "/notes/1", {"id": 1, "owner": thief}, sent={"owner": thief})
    api.owners[1] = thief
    assert is_foreign(api.read(thief, 1)), "who has written himself into it is no owner"


def test_three_who_agree_do_not_make_a_kind_public() -> None:
    api = business()
    for _ in range(6):
        for thief in PEOPLE[1:4]:
            for number in (1, 9, 17):
                api.read(thief, number)
        api.now_s += DAY_S
    assert is_foreign(api.read(PEOPLE[1], 25))
    assert is_foreign(api.read(PEOPLE[5], 1))


def test_who_names_himself_in_what_is_foreign_has_no_right_by_that() -> None:
    api = business()
    thief = PEOPLE[1]
    assert is_foreign(api.ask(thief, "POST", "/notes/1/shares", {}, sent={"email": thief}))
    assert is_foreign(api.ask(thief, "GET", "/notes/1", {"id": 1, "shared_with": [thief]}))


def test_who_is_let_in_by_a_holder_of_right_may_come() -> None:
    api = business()
    api.ask(PEOPLE[0], "POST", "/notes/1/shares", {}, sent={"user": PEOPLE[1]})
    assert api.read(PEOPLE[1], 1) is None
    assert is_foreign(api.read(PEOPLE[2], 1))


def test_a_secret_that_a_holder_of_right_was_given_opens_the_object() -> None:
    api = business()
    token = "f3a9c1d2b4e5f60718293a4b5c6d7e8f"
    api.ask(PEOPLE[0], "POST", "/notes/1/links", {"url": f"https://x.test/notes/1?share={token}"}, sent={})
    assert api.ask(PEOPLE[2], "GET", f"/notes/1?share={token}", api.note(1)) is None
    assert is_foreign(api.ask(PEOPLE[3], "GET", f"/notes/2?share={token}", api.note(2)))
    assert is_foreign(api.ask(PEOPLE[3], "GET", "/notes/1?share=00000000000000000000000000000000", api.note(1)))


def test_the_answer_alone_shows_a_first_access() -> None:
    api = business(shows_owner=True)
    api.owners[500] = PEOPLE[0]  # was there before the guard, and nobody has listed it
    assert is_foreign(api.read(PEOPLE[1], 500))
    assert api.read(PEOPLE[0], 500) is None


def test_an_id_that_is_given_again_belongs_to_its_new_owner() -> None:
    api = business()
    api.ask(PEOPLE[0], "DELETE", "/notes/1")
    api.owners[1] = PEOPLE[1]
    api.ask(PEOPLE[1], "POST", "/notes", api.note(1), sent={"text": "a b"})
    assert api.read(PEOPLE[1], 1) is None
    assert is_foreign(api.read(PEOPLE[0], 1))


def test_what_all_are_shown_is_public() -> None:
    api = business()
    for number in range(1, 30):
        for who in PEOPLE:
            api.ask(who, "GET", "/news", [{"slug": f"story-{one}"} for one in range(number)])
            api.ask(who, "GET", f"/news/story-{number}", {"slug": f"story-{number}"})
    api.now_s += 10 * DAY_S
    assert api.ask("newcomer", "GET", "/news/story-3", {"slug": "story-3"}) is None


def test_staff_is_declared_and_teaches_nothing() -> None:
    api = business(staff=("user:boss",))
    api.ask("boss", "GET", "/notes", {"items": [api.note(number) for number in api.owners]})
    assert api.read("boss", 1) is None
    assert is_foreign(api.read(PEOPLE[1], 1))


def test_a_declared_kind_without_words_on_owners_uses_what_was_learned_at_once() -> None:
    rule = ObjectRule(id="note", operations=("/notes/**",), mode=ObjectMode.ENFORCE)
    api = Api(Rights(ObjectsSettings(rules=(rule,)), None, MemoryFacts(), bytes(32)))
    number = api.create("anna")
    said = api.read("ben", number)
    assert is_foreign(said)
    assert said is not None
    assert (said.kind, said.mode) == ("note", ObjectMode.ENFORCE)
    assert is_foreign(api.ask("ben", "PUT", f"/notes/{number}", sent={"text": "mine"}))
    assert api.read("anna", number) is None


def test_ids_in_queries_and_bodies_are_tied_to_the_lists_that_show_them() -> None:
    api = business()
    for day in range(4):
        for number, who in enumerate(PEOPLE):
            name = f"BK-{number}{day}"
            api.ask(who, "GET", "/bookings", [{"ref": name, "at": "x y"}])
            assert api.ask(who, "GET", f"/booking?ref={name}", {"ref": name}) is None
            assert api.ask(who, "POST", "/booking/move", {"ref": name}, sent={"ref": name, "to": "later on"}) is None
        api.now_s += DAY_S
    assert is_foreign(api.ask(PEOPLE[0], "GET", "/booking?ref=BK-53", {"ref": "BK-53"}))
    assert is_foreign(api.ask(PEOPLE[0], "POST", "/booking/move", sent={"ref": "BK-53"}))


def test_answers_are_bounded_whatever_they_hold() -> None:
    api = business(days=1)
    deep: Json = {}
    for _ in range(50):
        deep = {"a": deep, "b": [deep]} if len(json.dumps(deep)) < 10_000 else {"a": deep}
    api.ask("x", "GET", "/notes", deep)
    api.ask("x", "GET", "/notes/1", [[[]]])
    api.ask("x", "GET", "/notes", [{"id": "x" * 5_000}] * 1_000)
