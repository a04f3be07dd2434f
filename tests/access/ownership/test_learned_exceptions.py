"""What rightful callers do that looks like theft, and what thieves do that looks like right: each beside its twin."""

from apiward.access.ownership.memory import LISTED
from apiward.access.ownership.model import Votes
from apiward.access.ownership.rights import Rights
from apiward.access.ownership.rules import ObjectMode, ObjectRule
from apiward.access.ownership.settings import ObjectsSettings
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.core.objects import ObjectVerdict
from apiward.core.principal import Principal, PrincipalKind
from apiward.stores.ownership.memory import MemoryFacts
from tests.access.ownership.test_learned import DAY_S, PEOPLE, Api, business, is_foreign, user
from tests.guard.calls import NOW_S, answer, call

TOKEN = "f3a9c1d2b4e5f60718293a4b5c6d7e{:02x}"


class Firms(Api):
    """Callers whose tokens name a firm: two of each."""

    def ask(
        self, who: str, method: str, path: str, shown: Json = None, *, sent: Json | None = None
    ) -> ObjectVerdict | None:
        """Send one request as a member of a firm."""
        name, _, firm = who.partition("@")
        person = Principal(PrincipalKind.USER, name, claims={"org": firm})
        made = call(method, path, json=NOT_JSON if sent is None else sent, principal=person, started_s=self.now_s)
        said = [self.rights.judge_head(made), self.rights.judge_body(made)]
        said += [self.rights.judge_answer(made, answer(json=shown), shown), self.rights.judge_status(made, 200)]
        told = next((one for one in said if one is not None), None)
        if told is None:
            self.rights.learn(made, 200)
        return told


MEMBERS = [f"p{number}@firm{number // 2}" for number in range(10)]


def firms(*, staff: tuple[str, ...] = ()) -> Firms:
    return Firms(Rights(ObjectsSettings(staff=staff), None, MemoryFacts(), bytes(32)))


def papers(api: Firms, days: int = 5) -> int:
    """Let all work with papers of their firms, of which every other one is private; return the last number."""
    number = 0
    for _ in range(days):
        for who in MEMBERS:
            name, _, firm = who.partition("@")
            mate = next(one for one in MEMBERS if one.endswith(f"@{firm}") and one != who)
            for is_private in (True, False):
                number += 1
                paper: Json = {"id": number, "by": name, "private": is_private}
                api.ask(who, "POST", "/papers", paper, sent={"text": "a b"})
                api.ask(who, "GET", f"/papers/{number}", paper)
                if not is_private:
                    api.ask(mate, "GET", "/papers", [{"id": number, "by": name}])
                    api.ask(mate, "GET", f"/papers/{number}", paper)
        api.now_s += DAY_S
    return number


def linked(api: Api, minters: int = 4) -> None:
    """Let some callers have a link made for a note of theirs."""
    for number in range(minters):
        url = f"https://x.test/notes/{number + 1}?share={TOKEN.format(number)}"
        api.ask(PEOPLE[number], "POST", f"/notes/{number + 1}/links", {"url": url}, sent={})


def older(api: Api) -> None:
    """Let somebody have notes from before the guard, and two callers open some by links on its first day."""
    for number in range(60, 68):
        api.owners[number] = PEOPLE[0]
    now_s, api.now_s = api.now_s, NOW_S
    api.list(PEOPLE[0])
    for number in (60, 61):
        assert api.ask(PEOPLE[number - 56], "GET", f"/notes/{number}?share={TOKEN.format(number)}", {}) is None
    api.now_s = now_s


def test_links_from_before_the_guard_are_believed_where_the_api_makes_links() -> None:
    api = business()
    linked(api)
    older(api)
    assert api.ask(PEOPLE[7], "GET", f"/notes/62?share={TOKEN.format(99)}", api.note(62)) is None
    assert is_foreign(api.ask(PEOPLE[7], "GET", "/notes/63?share=0123456789abcdef0", api.note(63))), "another length"
    assert is_foreign(api.ask(PEOPLE[7], "GET", f"/notes/63?share={TOKEN.format(0)}", api.note(63))), "opens another"
    assert is_foreign(api.ask(PEOPLE[7], "DELETE", f"/notes/63?share={TOKEN.format(98)}")), "links are for reading"
    assert is_foreign(api.ask(PEOPLE[7], "GET", f"/notes/9?share={TOKEN.format(97)}", api.note(9))), "made since then"


def test_no_caller_is_believed_often_nor_long_nor_without_links_of_others() -> None:
    api = business()
    linked(api, minters=3)
    older(api)
    assert is_foreign(api.ask(PEOPLE[7], "GET", f"/notes/62?share={TOKEN.format(99)}", api.note(62)))
    linked(api)
    said = [
        api.ask(PEOPLE[6], "GET", f"/notes/{n}?share={TOKEN.format(30 + n)}", api.note(n)) for n in (63, 64, 65, 66)
    ]
    assert [is_foreign(one) for one in said] == [False, False, False, True]
    api.now_s += 40 * DAY_S
    assert is_foreign(api.ask(PEOPLE[3], "GET", f"/notes/67?share={TOKEN.format(80)}", api.note(67)))


def test_where_a_rule_stands_no_secret_is_believed_while_it_warms_up() -> None:
    rule = ObjectRule(id="note", operations=("/notes/**",), mode=ObjectMode.ENFORCE)
    api = Api(Rights(ObjectsSettings(rules=(rule,)), None, MemoryFacts(), bytes(32)))
    number = api.create("anna")
    assert is_foreign(api.ask("ben", "GET", f"/notes/{number}?x={TOKEN.format(1)}", api.note(number)))


def test_a_number_of_pieces_names_nobody_and_the_number_of_a_person_does() -> None:
    api = business()
    people = [str(number) for number in range(1, 9)]
    for who in people:
        api.ask(who, "GET", "/me", {"name": "x y"})
    api.ask(PEOPLE[0], "PUT", "/notes/1", api.note(1), sent={"pieces": 3, "product_id": 4})
    assert is_foreign(api.read("3", 1))
    assert is_foreign(api.read("4", 1))
    api.ask(PEOPLE[0], "POST", "/notes/1/shares", {}, sent={"user_id": 5})
    assert api.read("5", 1) is None


def test_numbers_in_a_list_name_people_only_where_it_is_named_after_people() -> None:
    for field, names_people in (("products", False), ("members", True)):
        api = business()
        people = [str(number) for number in range(1, 9)]
        for who in people:
            api.ask(who, "GET", "/me", {"name": "x y"})
        for day in range(3):
            for number, who in enumerate(people):
                row: Json = {"id": 100 + 10 * day + number, field: [{"no": int(who)}, {"no": 1 + (number + day) % 8}]}
                api.ask(who, "POST", "/baskets", row, sent={"a": "b"})
                api.ask(who, "GET", f"/baskets/{100 + 10 * day + number}", row)
        fields = api.rights._fields.roles(api.rights.book.kinds["/baskets"])[1]
        assert (f"{field}.no[]" in fields) is names_people


def test_what_is_set_apart_among_colleagues_is_foreign_to_them_and_the_rest_is_not() -> None:
    api = firms()
    last = papers(api)
    private: Json = {"id": last - 1, "by": "p9", "private": True}
    common: Json = {"id": last, "by": "p9", "private": False}
    assert is_foreign(api.ask(MEMBERS[8], "GET", f"/papers/{last - 1}", private))
    assert api.ask(MEMBERS[8], "GET", f"/papers/{last}", common) is None
    assert api.ask(MEMBERS[9], "GET", f"/papers/{last - 1}", private) is None


def test_what_is_set_apart_is_foreign_at_the_first_look_of_a_colleague() -> None:
    """Nobody has read it before, so only the answer says it."""
    api = firms()
    last = papers(api)
    for number, is_private in ((last + 1, True), (last + 2, False)):
        api.ask(MEMBERS[9], "POST", "/papers", {"id": number, "by": "p9"}, sent={"text": "a b"})
        shown: Json = {"id": number, "by": "p9", "private": is_private}
        assert is_foreign(api.ask(MEMBERS[8], "GET", f"/papers/{number}", shown)) is is_private


def test_colleagues_who_come_by_a_link_are_no_sign_that_colleagues_may_come() -> None:
    api = firms()
    papers(api, days=2)
    for number in range(1, 40, 2):  # half of them are private; each gives a colleague a link to one
        owner, mate = MEMBERS[number // 2 % 10], MEMBERS[number // 2 % 10 ^ 1]
        private: Json = {"id": number, "by": owner.partition("@")[0], "private": True}
        url = f"https://x.test/papers/{number}?share={TOKEN.format(number)}"
        api.ask(owner, "POST", f"/papers/{number}/links", {"url": url}, sent={})
        api.ask(mate, "GET", f"/papers/{number}?share={TOKEN.format(number)}", private)
    votes = api.rights.book.kinds["/papers"].flags["private=True"]
    assert votes.hits == votes.cases > 10


def test_what_staff_makes_in_its_own_name_is_theirs_and_what_it_makes_for_others_is_not() -> None:
    api = business(staff=("user:boss",))
    api.ask("boss", "POST", "/notes", {"id": 900, "text": "x", "by": "boss"}, sent={"text": "x"})
    api.ask("boss", "POST", "/notes", {"id": 901, "text": "x", "for": PEOPLE[2]}, sent={"text": "x"})
    api.ask("boss", "POST", "/notes", {"id": 902, "text": "x"}, sent={"text": "x"})
    for number in (900, 901, 902):
        api.owners[number] = "boss"
    assert is_foreign(api.read(PEOPLE[1], 900))
    assert api.read(PEOPLE[2], 901) is None
    assert api.read(PEOPLE[3], 902) is None


def test_what_its_owner_has_left_with_a_firm_is_not_foreign_there() -> None:
    api = firms()
    last = papers(api)
    common: Json = {"id": last, "by": "p9", "private": False}
    api.ask("p9@firm0", "GET", "/me", {"name": "x y"})
    assert api.ask(MEMBERS[8], "GET", f"/papers/{last}", common) is None
    assert is_foreign(api.ask(MEMBERS[5], "GET", f"/papers/{last}", common))


def test_a_list_that_shows_staff_only_their_own_teaches_and_one_that_shows_all_does_not() -> None:
    for is_wide in (False, True):
        api = business(days=6, staff=("user:boss",))
        own: list[Json] = [{"id": number, "text": "x"} for number in range(700, 725)]
        others: list[Json] = [api.note(number) for number in range(1, 20)]
        for _ in range(2):
            api.ask("boss", "GET", "/notes", {"items": [*(others if is_wide else []), *own]})
            own = [*own, {"id": 725, "text": "x"}]
        for number in (710, 724):
            api.owners[number] = "boss"
            assert is_foreign(api.read(PEOPLE[1], number)) is not is_wide


def test_who_comes_to_a_firm_is_a_colleague_there_and_nowhere_else() -> None:
    api = firms()
    people = {who.partition("@")[0][1:]: who for who in MEMBERS}
    for who in MEMBERS:
        api.ask(who.replace("p", "", 1), "GET", "/me", {"name": "x y"})
    for _ in range(5):
        for who in MEMBERS:
            firm = who.partition("@")[2]
            team: Json = [{"id": int(n), "mail": f"{n}@x.test"} for n, one in people.items() if one.endswith(firm)]
            api.ask(who.replace("p", "", 1), "GET", "/team", team)
            api.ask(who.replace("p", "", 1), "GET", f"/team/{who.partition('@')[0][1:]}", {"id": 1})
        api.now_s += DAY_S
    api.ask("9@firm0", "GET", "/me", {"name": "x y"})
    assert api.ask("0@firm0", "GET", "/team/9", {"id": 9}) is None
    assert is_foreign(api.ask("4@firm2", "GET", "/team/9", {"id": 9}))


def _talks(api: Firms) -> None:
    """Let all write to a colleague of theirs; lists name those who take part beside the one who began."""
    number = 0
    for _ in range(5):
        for who in MEMBERS:
            mate = next(one for one in MEMBERS if one[2:] == who[2:] and one != who)
            number += 1
            shown: Json = [{"id": number, "with": [mate[:2]]}]
            api.ask(who, "POST", "/talks", {"id": number}, sent={"to": mate[:2]})
            api.ask(mate, "GET", "/talks", shown)
            api.ask(who, "GET", "/talks", shown)
            api.ask(who, "GET", f"/talks/{number}", {"id": number})
            api.ask(mate, "GET", f"/talks/{number}", {"id": number})
        api.now_s += DAY_S


def test_a_colleague_who_takes_no_part_is_foreign_once_all_who_do_are_known() -> None:
    api = firms()
    _talks(api)
    third = "third@firm0"
    for who in (third, "p0@firm0", "p1@firm0"):
        api.ask(who, "GET", "/me", {"name": who})
    old: Json = [{"id": 900, "with": ["p1"]}]
    api.ask("p1@firm0", "GET", "/talks", old)
    assert api.ask(third, "GET", "/talks/900", {"id": 900}) is None, (
        "who has begun it is not named, and may be this one"
    )
    api.now_s += DAY_S
    api.ask("p0@firm0", "GET", "/talks", old)
    assert is_foreign(api.ask(third, "GET", "/talks/900", {"id": 900})), "it was another one"
    assert api.ask("p0@firm0", "GET", "/talks/900", {"id": 900}) is None
    assert api.ask("p1@firm0", "GET", "/talks/900", {"id": 900}) is None


def _known_talks() -> Firms:
    """Return firms of whose talks so much is known that colleagues count as strangers."""
    api = firms()
    _talks(api)
    api.rights.book.kinds["/talks"].rightful = Votes(100, 100, {1, 2, 3, 4})
    return api


def test_the_one_whom_a_list_need_not_name_is_the_first_who_comes() -> None:
    api = _known_talks()
    api.rights.book.kinds["/talks"].whole = Votes(100, 50, {1, 2, 3, 4})  # lists show but a part of what one has
    third = "third@firm0"
    for who in (third, "p0@firm0", "p1@firm0"):
        api.ask(who, "GET", "/me", {"name": who})
    api.ask("p1@firm0", "GET", "/talks", [{"id": 900, "with": ["p1"]}])
    assert api.ask("p0@firm0", "GET", "/talks/900", {"id": 900}) is None
    assert is_foreign(api.ask(third, "GET", "/talks/900", {"id": 900})), "the seat is taken"
    assert api.ask("p1@firm0", "GET", "/talks/900", {"id": 900}) is None


def test_who_lists_is_a_stranger_to_what_no_list_has_shown() -> None:
    api = _known_talks()
    api.rights.book.kinds["/talks"].whole = Votes(60, 60, {1, 2, 3, 4})
    api.ask("p1@firm0", "GET", "/talks", [{"id": 900, "with": ["p1"]}])
    for who in ("third@firm0", "fourth@firm0"):
        api.ask(who, "GET", "/me", {"name": who})
    api.ask("third@firm0", "GET", "/talks", [{"id": 901, "with": ["fourth"]}])
    assert is_foreign(api.ask("third@firm0", "GET", "/talks/900", {"id": 900})), "it would stand in the list"
    assert api.ask("fourth@firm0", "GET", "/talks/900", {"id": 900}) is None, "no list was shown"


def test_a_talk_is_closed_to_colleagues_as_soon_as_it_is_made() -> None:
    api = _known_talks()
    kind = api.rights.book.kinds["/talks"]
    kind.reached = Votes(50, 50, {1, 2, 3, 4})
    assert kind.has_list
    assert kind.may_be_shared, "else all colleagues are strangers here"
    made: Json = {"id": 900, "with": ["p1"]}
    api.ask("third@firm0", "GET", "/me", {"name": "third"})
    api.ask("p0@firm0", "POST", "/talks", made, sent={"to": "p1"})
    assert is_foreign(api.ask("third@firm0", "GET", "/talks/900", {"id": 900}))
    assert api.ask("p1@firm0", "GET", "/talks/900", {"id": 900}) is None
    assert api.ask("p0@firm0", "GET", "/talks/900", {"id": 900}) is None


def test_who_came_before_a_list_named_the_others_is_the_one_whom_it_need_not_name() -> None:
    api = _known_talks()
    third = "third@firm0"
    for who in (third, "p0@firm0", "p1@firm0"):
        api.ask(who, "GET", "/me", {"name": who})
    assert api.ask("p0@firm0", "GET", "/talks/900", {"id": 900}) is None
    api.ask("p1@firm0", "GET", "/talks", [{"id": 900, "with": ["p1"]}])
    assert is_foreign(api.ask(third, "GET", "/talks/900", {"id": 900}))
    assert api.ask("p0@firm0", "GET", "/talks/900", {"id": 900}) is None
    assert api.ask("p1@firm0", "GET", "/talks/901", {"id": 901}) is None, "one who takes part came first"
    api.ask("p0@firm0", "GET", "/talks", [{"id": 901, "with": ["p1", "p0"]}])
    assert api.ask("p1@firm0", "GET", "/talks/901", {"id": 901}) is None


def _plans(api: Firms) -> None:
    """Let all work with plans of their firms, which are named by words, and of which no list is opened."""
    for day in range(5):
        for who in MEMBERS:
            firm = who.partition("@")[2]
            mate = next(one for one in MEMBERS if one[2:] == who[2:] and one != who)
            plan: Json = {"slug": f"new-plan-{day}{who[1]}", "firm": firm}
            api.ask(who, "POST", "/plans", plan, sent={"title": "a b"})
            api.ask(who, "GET", f"/plans/new-plan-{day}{who[1]}", plan)
            api.ask(mate, "GET", "/plans", [plan])
            api.ask(mate, "GET", f"/plans/new-plan-{day}{who[1]}", plan)
        api.now_s += DAY_S


def test_a_guest_who_was_let_in_while_an_id_was_still_a_word_may_come() -> None:
    api = firms()
    api.ask("p6@firm3", "GET", "/me", {"name": "p6"})
    api.ask("p0@firm0", "POST", "/plans/old-roof/guests", {}, sent={"with": "p6"})
    _plans(api)
    plan: Json = {"slug": "old-roof", "firm": "firm0"}
    assert api.ask("p6@firm3", "GET", "/plans/old-roof", plan) is None
    assert is_foreign(api.ask("p8@firm4", "GET", "/plans/old-roof", plan)), "nobody has let this one in"


def test_a_stranger_lets_in_nobody_by_a_word() -> None:
    api = firms()
    api.ask("p6@firm3", "GET", "/me", {"name": "p6"})
    api.ask("p8@firm4", "POST", "/plans/old-roof/guests", {}, sent={"with": "p6"})
    _plans(api)
    plan: Json = {"slug": "old-roof", "firm": "firm0"}
    assert is_foreign(api.ask("p6@firm3", "GET", "/plans/old-roof", plan))


def test_staff_lets_others_in_to_what_is_its_own_and_to_nothing_else() -> None:
    api = firms(staff=("user:boss",))
    _plans(api)
    for slug, firm in (("our-roof", "firm0"), ("their-roof", "firm1")):
        api.ask("boss@firm0", "POST", f"/plans/{slug}/guests", {}, sent={"with": "p8"})
        said = api.ask("p8@firm4", "GET", f"/plans/{slug}", {"slug": slug, "firm": firm})
        assert is_foreign(said) == (firm == "firm1")


def test_what_staff_comes_back_to_on_another_day_is_its_own_and_what_it_opens_once_is_not() -> None:
    api = business(days=6, staff=("user:boss",))
    for number in (700, 701):
        api.owners[number] = "boss"
        api.read("boss", number)
    api.read("boss", 700)
    assert api.read(PEOPLE[1], 700) is None, "so far it may be a customer's"
    api.now_s += DAY_S
    api.owners[702] = "boss"
    api.read("boss", 702)
    api.now_s += DAY_S
    api.read("boss", 702)
    assert is_foreign(api.read(PEOPLE[1], 702))
    assert api.read(PEOPLE[2], 701) is None


def test_the_page_of_a_person_is_not_staffs_however_often_staff_looks_at_it() -> None:
    api = firms(staff=("user:boss",))
    for day in range(6):
        for who in MEMBERS:
            name = who.partition("@")[0]
            api.ask(who, "GET", "/people", [{"name": name}])
            api.ask(who, "GET", f"/people/{name}", {"name": name, "age": day})
        api.ask("boss@house", "GET", "/people/p99", {"name": "p99"})
        api.now_s += DAY_S
    assert api.rights.book.kinds["/people"].id_keys
    assert api.ask("p0@firm0", "GET", "/people/p99", {"name": "p99"}) is None


def test_a_link_that_staff_makes_for_its_own_opens_it_and_one_for_others_things_does_not() -> None:
    for number in (700, 5):
        api = business(days=6, staff=("user:boss",))
        api.owners[700] = "boss"
        for _ in range(2):
            api.read("boss", 700)
            api.now_s += DAY_S
        url = f"https://x.test/notes/{number}?share={TOKEN.format(7)}"
        api.ask("boss", "POST", f"/notes/{number}/links", {"url": url}, sent={})
        said = api.ask(PEOPLE[1], "GET", f"/notes/{number}?share={TOKEN.format(7)}", api.note(number))
        assert is_foreign(said) is (number == 5)


def test_where_staff_is_never_found_with_others_things_what_it_opens_is_its_own() -> None:
    for number in (5, 800):  # others' things, or what nobody knows
        api = business(days=8, staff=("user:boss",))
        for more in range(12):
            api.owners[number + more] = api.owners.get(number + more, "boss")
            api.read("boss", number + more)
        api.owners[900] = "boss"
        api.read("boss", 900)
        assert is_foreign(api.read(PEOPLE[1], 900)) is (number == 800)


def test_staff_that_a_list_names_takes_part_though_a_thief_was_first() -> None:
    api = firms(staff=("user:boss",))
    _talks(api)
    api.ask("boss@house", "GET", "/talks", [{"id": 900, "with": ["boss"]}, {"id": 901, "with": ["p0"]}])
    boss = api.rights._people.of(user("boss")).name
    memory = api.rights._memory
    rights = [memory.right(memory.thing(memory.thing_key("/talks", name)).base, boss) for name in ("900", "901")]
    assert rights == [LISTED, 0]
