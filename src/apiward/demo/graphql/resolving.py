"""The fields of the phone app's schema: each does what it says for whoever calls."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from apiward.demo.callers import client, client_token, staff
from apiward.demo.calls import Call, Refusal, number_in, text
from apiward.demo.desk import Desk
from apiward.demo.factors import is_code
from apiward.demo.identity import WELCOME
from apiward.demo.people import NOBODY_HASH, Person, hash_password, is_good_password, is_password

Value = Any
Resolver = Callable[[Desk, Call, Mapping[str, Any]], Value]


def me(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:  # noqa: ARG001 - every field has this shape
    """Show whoever calls."""
    return _shown(client(desk, call))


def notes(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:
    """List the caller's own notes, all or those that hold a word."""
    owner, search = client(desk, call).id, str(given.get("search") or "")
    if "'" in search and desk.weak("graphql-sql-injection"):
        return [
            dict(row) for row in desk.storage.rows(f"SELECT * FROM notes WHERE title LIKE '%{search}%' ORDER BY id")
        ]
    sql = "SELECT * FROM notes WHERE owner = ? AND title LIKE ? ORDER BY id"
    return [dict(row) for row in desk.storage.rows(sql, owner, f"%{search}%")]


def note(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:
    """Show one note to its owner."""
    return _own_note(desk, call, given, lambda: desk.weak("graphql-read-note"))


def articles(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:  # noqa: ARG001 - every field has this shape
    """List the articles of the website."""
    rows = desk.storage.rows("SELECT * FROM articles WHERE author = ? OR ? IS NULL", *[given.get("author")] * 2)
    return [dict(row) for row in rows[:20]]


def clients(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:  # noqa: ARG001 - every field has this shape
    """List all clients for the team."""
    if not client(desk, call).is_staff and not desk.weak("graphql-role-clients"):
        staff(desk, call)
    rows = desk.storage.rows("SELECT id, name, email, role FROM people WHERE role = 'client' ORDER BY id")
    return [dict(row) for row in rows]


def register(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:  # noqa: ARG001 - every field has this shape
    """Sign up a new client."""
    wanted = given["input"]
    email, name = text(wanted, "email", most=254).strip().lower(), text(wanted, "name", most=80)
    password = text(wanted, "password", most=200)
    if "@" not in email:
        raise Refusal(422, "'email' must be an e-mail address")
    if not is_good_password(password):
        raise Refusal(422, "Please choose a password of at least 10 characters that is not a common one")
    kept = hash_password(password, desk.rng.randbytes(16))
    if desk.person(email=email) is None:
        desk.storage.insert(
            "people", id=desk.fresh_id(), email=email, name=name, phone="", role="client", password_hash=kept
        )
    return {"message": WELCOME}


def login(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:
    """Log in. The throttle counts tries, not requests."""
    email, password = str(given["email"]).strip().lower(), str(given["password"])
    if desk.throttle.is_locked(email, call.address):
        raise Refusal(429, "Too many attempts. Please wait a moment.")
    person = desk.person(email=email)
    is_right = is_password(password, person.password_hash if person else NOBODY_HASH)
    if person is None or not is_right:
        desk.throttle.failed(email, call.address)
        raise Refusal(401, "The e-mail address or the password is wrong")
    code = str(given.get("code") or "")
    if person.factor_on and not (code and is_code(desk, person, code)):
        if code:
            desk.throttle.failed(email, call.address)
        raise Refusal(401, "Please send the code of your second factor")
    desk.throttle.succeeded(email, call.address)
    return {"token": client_token(desk, person, desk.fresh_id()), "client": _shown(person)}


def create_note(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:
    """Write a note."""
    owner = client(desk, call).id
    note_id = desk.storage.insert("notes", owner=owner, **_content(given))
    return _row(desk, note_id)


def update_note(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:
    """Change one note of one's own."""
    content = _content(given)
    found = _own_note(desk, call, given, lambda: desk.weak("graphql-change-note"))
    desk.storage.change("notes", "id", found["id"], **content)
    return _row(desk, found["id"])


def delete_note(desk: Desk, call: Call, given: Mapping[str, Any]) -> Value:
    """Delete one note of one's own."""
    found = _own_note(desk, call, given, lambda: desk.weak("graphql-delete-note"))
    desk.storage.rows("DELETE FROM notes WHERE id = ?", found["id"])
    return True


def notes_of(desk: Desk, owner: str) -> Value:
    """Return the notes of a client."""
    return [dict(row) for row in desk.storage.rows("SELECT * FROM notes WHERE owner = ? ORDER BY id", owner)]


def owner_of(desk: Desk, owner: str) -> Value:
    """Return the client whose note it is."""
    person = desk.person(person_id=owner)
    return _shown(person) if person else None


ROOTS: Final[Mapping[str, Resolver]] = {
    "me": me,
    "notes": notes,
    "note": note,
    "articles": articles,
    "clients": clients,
    "register": register,
    "login": login,
    "createNote": create_note,
    "updateNote": update_note,
    "deleteNote": delete_note,
}


def _own_note(desk: Desk, call: Call, given: Mapping[str, Any], is_open: Callable[[], bool]) -> dict[str, Any]:
    owner = client(desk, call).id
    row = desk.storage.row("SELECT * FROM notes WHERE id = ?", number_in(str(given["id"])))
    if row is None or (row["owner"] != owner and not is_open()):
        raise Refusal(404, "No such note")
    return dict(row)


def _row(desk: Desk, note_id: int) -> dict[str, Any]:
    row = desk.storage.row("SELECT * FROM notes WHERE id = ?", note_id)
    return dict(row) if row else {}


def _content(given: Mapping[str, Any]) -> dict[str, str]:
    wanted = given["input"]
    return {"title": text(wanted, "title", most=120), "text": text(wanted, "text")}


def _shown(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "email": person.email, "role": person.role}
