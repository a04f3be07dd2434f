"""A client's private notes (numbered) and goals (named by a slug)."""

import re
import sqlite3
from typing import Any

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer, nothing, number_in, text, whole
from apiward.demo.desk import Desk, Entry

MOST_NOTES = 50


def list_notes(desk: Desk, call: Call) -> Response:
    """List the caller's own notes."""
    me = client(desk, call)
    rows = desk.storage.rows("SELECT id, title FROM notes WHERE owner = ? ORDER BY id", me.id)
    return answer({"notes": [dict(row) for row in rows]})


def add_note(desk: Desk, call: Call) -> Response:
    """Write a note."""
    me, wanted = client(desk, call), call.part("note")
    note_id = desk.storage.insert(
        "notes", owner=me.id, title=text(wanted, "title", most=120), text=text(wanted, "text")
    )
    return answer({"note": shown_note(_note(desk, note_id))}, 201)


def read_note(desk: Desk, call: Call) -> Response:
    """Show one note to its owner."""
    me, note = client(desk, call), _note(desk, number_in(call.path["note_id"]))
    if note["owner"] != me.id and not desk.weak("object-read-note"):
        raise Refusal(404, "No such note")
    return answer({"note": shown_note(note)})


def look_up_notes(desk: Desk, call: Call) -> Response:
    """Show several of the caller's own notes; of others, nothing is said."""
    me, wanted = client(desk, call), call.data().get("note_ids")
    if not isinstance(wanted, list) or len(wanted) > MOST_NOTES:
        raise Refusal(422, f"'note_ids' must be a list of at most {MOST_NOTES} numbers")
    ids = [whole(one, "note_ids") for one in wanted]
    rows = [row for one in ids if (row := desk.storage.row("SELECT * FROM notes WHERE id = ?", one))]
    shown = [row for row in rows if row["owner"] == me.id or desk.weak("object-batch-notes")]
    return answer({"notes": [shown_note(row) for row in shown]})


def change_note(desk: Desk, call: Call) -> Response:
    """Change one note. Answers 204 for every note, and changes only the caller's own."""
    me, wanted = client(desk, call), call.part("note")
    row = desk.storage.row("SELECT * FROM notes WHERE id = ?", number_in(call.path["note_id"]))
    columns = {key: text(wanted, key) for key in ("title", "text") if key in wanted}
    if row and columns and (row["owner"] == me.id or desk.weak("object-change-note")):
        desk.storage.change("notes", "id", row["id"], **columns)
    return nothing()


def remove_note(desk: Desk, call: Call) -> Response:
    """Delete one note. Answers 200 for every note, and deletes only the caller's own."""
    me = client(desk, call)
    row = desk.storage.row("SELECT * FROM notes WHERE id = ?", number_in(call.path["note_id"]))
    if row and (row["owner"] == me.id or desk.weak("object-delete-note")):
        desk.storage.rows("DELETE FROM notes WHERE id = ?", row["id"])
    return answer({"status": "ok"})


def list_goals(desk: Desk, call: Call) -> Response:
    """List the caller's own goals."""
    rows = desk.storage.rows("SELECT * FROM goals WHERE owner = ? ORDER BY slug", client(desk, call).id)
    return answer({"goals": [_shown_goal(row) for row in rows]})


def add_goal(desk: Desk, call: Call) -> Response:
    """Set a goal; its slug is made of its title."""
    me, title = client(desk, call), text(call.data(), "title", most=80)
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "goal"
    slug = f"{slug}-{desk.rng.randrange(16**6):06x}"
    desk.storage.insert("goals", slug=slug, owner=me.id, title=title, done=0)
    return answer({"slug": slug, "title": title, "done": False}, 201)


def read_goal(desk: Desk, call: Call) -> Response:
    """Show one goal to its owner."""
    me, row = client(desk, call), _goal(desk, call.path["slug"])
    if row["owner"] != me.id and not desk.weak("object-read-goal"):
        raise Refusal(404, "No such goal")
    return answer(_shown_goal(row))


def list_steps(desk: Desk, call: Call) -> Response:
    """List the steps to one of the caller's own goals."""
    goal = own_goal(desk, call)
    rows = desk.storage.rows("SELECT id, text FROM steps WHERE goal = ? ORDER BY id", goal["slug"])
    return answer({"steps": [dict(row) for row in rows]})


def add_step(desk: Desk, call: Call) -> Response:
    """Write down a step to one of the caller's own goals."""
    goal, wanted = own_goal(desk, call), text(call.data(), "text", most=200)
    step_id = desk.storage.insert("steps", goal=goal["slug"], text=wanted)
    return answer({"id": step_id, "text": wanted}, 201)


def read_step(desk: Desk, call: Call) -> Response:
    """Show one step to one of the caller's own goals."""
    goal, step_id = own_goal(desk, call), number_in(call.path["step_id"])
    row = desk.storage.row("SELECT * FROM steps WHERE id = ?", step_id)
    if row is None or (row["goal"] != goal["slug"] and not desk.weak("object-nested-step")):
        raise Refusal(404, "No such step")
    return answer({"id": row["id"], "text": row["text"]})


def change_goal(desk: Desk, call: Call) -> Response:
    """Mark one's own goal as reached or not. Sound in both twins."""
    row = own_goal(desk, call)
    done = bool(call.data().get("done", row["done"]))
    desk.storage.change("goals", "slug", row["slug"], done=int(done))
    return answer(_shown_goal(_goal(desk, row["slug"])))


def own_goal(desk: Desk, call: Call) -> sqlite3.Row:
    """Return the goal that the path names if it is the caller's, or refuse with 404."""
    me, row = client(desk, call), _goal(desk, call.path["slug"])
    if row["owner"] != me.id:
        raise Refusal(404, "No such goal")
    return row


def shown_note(row: sqlite3.Row) -> dict[str, Any]:
    """Return a note as it is sent."""
    return {"id": row["id"], "title": row["title"], "text": row["text"]}


def _shown_goal(row: sqlite3.Row) -> dict[str, Any]:
    return {"slug": row["slug"], "title": row["title"], "done": bool(row["done"])}


def _note(desk: Desk, note_id: int) -> sqlite3.Row:
    row = desk.storage.row("SELECT * FROM notes WHERE id = ?", note_id)
    if row is None:
        raise Refusal(404, "No such note")
    return row


def _goal(desk: Desk, slug: str) -> sqlite3.Row:
    row = desk.storage.row("SELECT * FROM goals WHERE slug = ?", slug)
    if row is None:
        raise Refusal(404, "No such goal")
    return row


ENTRIES = (
    Entry("GET", "/api/v2/notes", list_notes),
    Entry("POST", "/api/v2/notes", add_note),
    Entry("POST", "/api/v2/notes/lookup", look_up_notes),
    Entry("GET", "/api/v2/notes/{note_id}", read_note),
    Entry("PUT", "/api/v2/notes/{note_id}", change_note),
    Entry("DELETE", "/api/v2/notes/{note_id}", remove_note),
    Entry("GET", "/api/v2/goals", list_goals),
    Entry("POST", "/api/v2/goals", add_goal),
    Entry("GET", "/api/v2/goals/{slug}", read_goal),
    Entry("PATCH", "/api/v2/goals/{slug}", change_goal),
    Entry("GET", "/api/v2/goals/{slug}/steps", list_steps),
    Entry("POST", "/api/v2/goals/{slug}/steps", add_step),
    Entry("GET", "/api/v2/goals/{slug}/steps/{step_id}", read_step),
)
