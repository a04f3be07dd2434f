"""Attacks on the phone app's GraphQL."""

from collections.abc import Callable, Mapping
from typing import Final

from apiward.demo.people import CLIENT
from tests.demo.visitor import Reply, Shown, Visitor

URL: Final = "/graphql"
_NOTE: Final = "mutation ($input: NoteInput!) { createNote(input: $input) { id } }"


def ask(visitor: Visitor, query: str, token: str = "", **variables: object) -> Reply:
    return visitor.call("POST", URL, {"query": query, "variables": variables}, token=token)


def _note(visitor: Visitor, token: str) -> str:
    made = ask(visitor, _NOTE, token, input={"title": "T", "text": "private-canary"})
    return str(made.json["data"]["createNote"]["id"])


def _text(visitor: Visitor, token: str, note: str) -> str:
    return ask(visitor, "query ($id: ID!) { note(id: $id) { text } }", token, id=note).text


def read_note(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    note = _note(visitor, mine)
    assert "private-canary" in _text(visitor, mine, note)
    got = ask(visitor, "query ($id: ID!) { note(id: $id) { text owner { email } } }", other, id=note)
    return Shown("private-canary" in got.text and CLIENT.email in got.text, got.status)


def change_note(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    note = _note(visitor, mine)
    change = "mutation ($id: ID!, $input: NoteInput!) { updateNote(id: $id, input: $input) { id } }"
    got = ask(visitor, change, other, id=note, input={"title": "T", "text": "changed"})
    return Shown("changed" in _text(visitor, mine, note), got.status)


def delete_note(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    note = _note(visitor, mine)
    got = ask(visitor, "mutation ($id: ID!) { deleteNote(id: $id) }", other, id=note)
    return Shown("private-canary" not in _text(visitor, mine, note), got.status)


def list_clients(visitor: Visitor) -> Shown:
    got = ask(visitor, "{ clients { email } }", visitor.both()[1])
    return Shown(CLIENT.email in got.text, got.status)


def inject(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    _note(visitor, mine)
    got = ask(visitor, "query ($s: String) { notes(search: $s) { text } }", other, s="%' OR '1' LIKE '1")
    return Shown("private-canary" in got.text, got.status)


def introspect(visitor: Visitor) -> Shown:
    got = ask(visitor, "{ __schema { types { name fields { name type { name kind } } } } }")
    return Shown("NoteInput" in got.text, got.status)


def guess(visitor: Visitor) -> Shown:
    got = ask(visitor, "{ note1 }")
    return Shown("Did you mean 'note'" in got.text, got.status)


def dive(visitor: Visitor) -> Shown:
    deep = "{ owner { notes " * 15 + "{ id }" + " } }" * 15
    got = ask(visitor, f'{{ note(id: "0") {deep} }}', visitor.both()[0])
    return Shown("NOT_FOUND" in got.text, got.status)


def repeat(visitor: Visitor) -> Shown:
    got = ask(visitor, "{ " + " ".join(f"a{n}: me {{ id }}" for n in range(50)) + " }", visitor.both()[0])
    return Shown(got.json.get("data", {}).keys() >= {"a0", "a49"}, got.status)


def batch(visitor: Visitor) -> Shown:
    got = visitor.call("POST", URL, [{"query": "{ __typename }"}] * 20)
    return Shown(isinstance(got.json, list) and len(got.json) == 20, got.status)


def change_by_get(visitor: Visitor) -> Shown:
    note = _note(visitor, visitor.both()[0])
    query = f'mutation {{ deleteNote(id: "{note}") }}'
    got = visitor.call("GET", f"{URL}?query={query}", token=visitor.both()[0])
    return Shown(got.status == 200 and got.json["data"]["deleteNote"] is True, got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "graphql-read-note": read_note,
    "graphql-change-note": change_note,
    "graphql-delete-note": delete_note,
    "graphql-role-clients": list_clients,
    "graphql-sql-injection": inject,
    "graphql-introspection": introspect,
    "graphql-suggestions": guess,
    "graphql-depth-unlimited": dive,
    "graphql-aliases-unlimited": repeat,
    "graphql-batches-unlimited": batch,
    "graphql-get-mutations": change_by_get,
}
