"""OBJ03 against small APIs: whose objects may a stranger change, named in the body."""

from collections.abc import Callable

import pytest

from apiward.scan.checks.objects.change_body import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.objects.shapes import action, nested_body, remote_calls, shelf
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi
from tests.scan.small_shelf import Shelf


def messages(path: str, **fields: str) -> Callable[[], Pair]:
    """Return a maker of an API where what one sends reaches other people, as it should."""

    def make() -> Pair:
        api = SmallApi()
        inbox: list[dict[str, Json]] = []

        def send(call: Call) -> Json:
            inbox.append({"id": len(inbox) + 1, "sender": call.me, **call.data})
            return {"id": len(inbox)}

        def received(call: Call) -> Json:
            mine = {call.me, str(api.users[call.me]["id"]), api.users[call.me]["email"]}
            return [m for m in inbox if mine & {str(value) for value in m.values()}]

        api.route("POST", path, send, body=dict(fields))
        api.route("GET", path, received)
        api.route("GET", "/users", lambda _: [{"id": u["id"], "username": u["username"]} for u in api.users.values()])
        return api.pair()

    return make


def shared() -> Pair:
    """Return an API where all may comment on notes that all see."""
    api = SmallApi()
    notes = Shelf(api, lists="all", weak=["read"]).offer("list", "make", "read")
    comments = Shelf(api, "comments", fields=("note_id", "text"), lists="all", brief=("id", "note_id", "text"))

    def add(call: Call) -> Json:
        if str(call.data["note_id"]) not in notes.records:
            raise RefusalError(404)
        return comments.make(call)

    api.route("GET", "/comments", comments.show_list)
    api.route("POST", "/comments", add, body={"note_id": "integer", "text": "string"})
    return api.pair()


def profile_update(*, weak: bool) -> Callable[[], Pair]:
    """Return a maker of an API whose update names the account in the body; a sound one changes the caller's own."""

    def make() -> Pair:
        api = SmallApi(about_users={"bio": "hello"})

        def update(call: Call) -> Json:
            found = [u for u in api.users.values() if str(u["id"]) == str(call.data["user_id"])]
            user = found[0] if found and weak else api.users[call.me]
            user["bio"] = call.data["bio"]
            return {"status": "ok"}

        api.route("POST", "/profile/update", update, body={"user_id": "integer", "bio": "string"})
        return api.pair()

    return make


def own_name_taken() -> Pair:
    """Return an API whose account update may name a note and refuses names that others have: nothing is changed."""
    api = SmallApi()
    Shelf(api).offer("list", "make", "read")

    def update(call: Call) -> Json:
        if call.data["username"] != call.me:
            raise RefusalError(400, "that name is taken")
        api.users[call.me]["bio"] = call.data["bio"]
        return {"status": "ok"}

    api.route("PATCH", "/me", update, body={"username": "string", "bio": "string", "note_id": "integer"})
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("what a leak shows to everybody", remote_calls("camel", weak=True, anonymous=True)),
    *((f"remote calls, {style}", remote_calls(style, weak=True)) for style in ("slashes", "camel", "verbs")),
    ("an inner object names it", nested_body(weak=True)),
    ("an action", action("body", weak=True)),
    ("an action, no list", action("body", weak=True, listed=False)),
    ("the account in the body", profile_update(weak=True)),
)
SILENT: tuple[Case, ...] = (
    ("a name that is taken", own_name_taken),
    *((f"remote calls, {style}", remote_calls(style, weak=False)) for style in ("slashes", "camel", "verbs")),
    *((f"same answer, {style}", remote_calls(style, weak=False, quiet=True)) for style in ("slashes", "camel")),
    ("an inner object names it", nested_body(weak=False, quiet=True)),
    ("an action, same answer", action("body", weak=False)),
    ("an action, refused", action("body", weak=False, loud=True)),
    ("the caller's own record is changed instead", profile_update(weak=False)),
)
MEANT_FOR_OTHERS: tuple[Case, ...] = (
    ("messages by name", messages("/messages", username="string", text="string")),
    ("messages by id", messages("/messages", user_id="integer", text="string")),
    ("invitations by e-mail", messages("/invitations", email="string", text="string")),
    ("letters, by the receiver's id", messages("/letters", recipient_id="integer", text="string")),
    ("tickets for somebody", messages("/tickets", assignee_id="integer", title="string")),
    ("bookings with somebody", messages("/appointments", user_id="integer", topic="string")),
    ("comments on notes that all see", shared),
    ("making things names nothing that exists", shelf()),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_strangers_may_change(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", [*SILENT, *MEANT_FOR_OTHERS], ids=lambda case: case[0])
def test_is_silent_where_nothing_is_taken(case: Case) -> None:
    assert not broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_comes_to_a_judgement_of_sound_apis(case: Case) -> None:
    assert looked_at(case[1], CHECK)
