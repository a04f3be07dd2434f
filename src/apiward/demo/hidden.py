"""What stands in no description: left-overs from building the site, and the version before this one."""

from starlette.responses import Response

from apiward.demo.admin import list_all_bookings_before, patch_role
from apiward.demo.calls import Call, Refusal, answer, number_in
from apiward.demo.desk import Desk, Entry
from apiward.demo.notes import shown_note


def export_clients(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Give everybody's whole record to everybody."""
    desk.weak("hidden-export")
    return answer([dict(row) for row in desk.storage.rows("SELECT * FROM people ORDER BY email")])


def show_settings(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Show how the server is set up."""
    desk.weak("hidden-debug")
    shown = {"debug": True, "database": f"sqlite:///{desk.storage.path.name}", "token_life_s": desk.token_life_s}
    return answer({"settings": shown | {"calls": dict(desk.calls)}})


def old_notes(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """List everybody's notes: version 1 knew no log-in."""
    desk.weak("old-version")
    return answer({"notes": [shown_note(row) for row in desk.storage.rows("SELECT * FROM notes ORDER BY id")]})


def old_note(desk: Desk, call: Call) -> Response:
    """Show anybody's note to anybody."""
    row = desk.storage.row("SELECT * FROM notes WHERE id = ?", number_in(call.path["note_id"]))
    if row is None:
        raise Refusal(404, "No such note")
    desk.weak("old-version")
    return answer({"note": shown_note(row)})


def gone(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Say that version 1 has ended: what a sound API leaves behind."""
    raise Refusal(410, "Version 1 has ended. Please use version 2.")


ENTRIES = (
    Entry("GET", "/api/v2/clients/_export", export_clients, only_with="hidden-export"),
    Entry("GET", "/api/v2/debug", show_settings, only_with="hidden-debug"),
    Entry("PATCH", "/api/v2/admin/clients/{client_id}/role", patch_role, only_with="function-unlisted-method"),
    Entry("GET", "/api/v1/admin/bookings", list_all_bookings_before, only_with="function-old-version"),
    Entry("GET", "/api/v1/notes", old_notes, only_with="old-version"),
    Entry("GET", "/api/v1/notes/{note_id}", old_note, only_with="old-version"),
    Entry("GET", "/api/v1/{rest:path}", gone),
)
