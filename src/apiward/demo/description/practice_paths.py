"""Notes, goals, bookings and payments."""

from typing import Final

from apiward.demo.description.parts import (
    TEXT,
    TIME,
    UUID,
    WHOLE,
    YES_NO,
    Part,
    body,
    good,
    in_path,
    many,
    obj,
    operation,
    ref,
)

_NOTE_ID: Final = in_path("note_id", WHOLE)
_SLUG: Final = in_path("slug")
_BOOKING_ID: Final = in_path("booking_id", UUID)
_NOTE: Final = obj({"note": obj({"title": TEXT, "text": TEXT})})
_NOTE_ANSWER: Final = obj({"note": ref("Note")})
_SHORT_NOTE: Final = obj({"id": WHOLE, "title": TEXT})
_EXPORT: Final = "<bookings><booking><topic>Sleep and worry</topic></booking></bookings>"

PATHS: Final[Part] = {
    "/api/v2/notes": {
        "get": operation("listNotes", "My notes", "Notes", good(200, obj({"notes": many(_SHORT_NOTE)}))),
        "post": operation(
            "addNote", "Write a note", "Notes", good(201, _NOTE_ANSWER),
            request=body(_NOTE, {"note": {"title": "After session 3", "text": "What I want to remember."}}),
        ),
    },
    "/api/v2/notes/lookup": {
        "post": operation(
            "lookUpNotes", "Several of my notes at once", "Notes", good(200, obj({"notes": many(ref("Note"))})),
            request=body(obj({"note_ids": many(WHOLE)})),
        ),
    },
    "/api/v2/notes/{note_id}": {
        "get": operation("getNote", "One note", "Notes", good(200, _NOTE_ANSWER), parameters=[_NOTE_ID]),
        "put": operation(
            "changeNote", "Change a note", "Notes", good(204, None), parameters=[_NOTE_ID],
            request=body(obj({"note": obj({}, title=TEXT, text=TEXT)})),
        ),
        "delete": operation(
            "deleteNote", "Delete a note", "Notes", good(200, ref("Status")), parameters=[_NOTE_ID]
        ),
    },
    "/api/v2/goals": {
        "get": operation("listGoals", "My goals", "Goals", good(200, obj({"goals": many(ref("Goal"))}))),
        "post": operation(
            "addGoal", "Set a goal", "Goals", good(201, ref("Goal")),
            request=body(obj({"title": {"type": "string", "maxLength": 80}}), {"title": "Sleep eight hours"}),
        ),
    },
    "/api/v2/goals/{slug}": {
        "get": operation("getGoal", "One goal", "Goals", good(200, ref("Goal")), parameters=[_SLUG]),
        "patch": operation(
            "changeGoal", "Mark a goal as reached", "Goals", good(200, ref("Goal")), parameters=[_SLUG],
            request=body(obj({"done": YES_NO})),
        ),
    },
    "/api/v2/goals/{slug}/steps": {
        "get": operation(
            "listSteps", "The steps to a goal", "Goals", good(200, obj({"steps": many(ref("Step"))})),
            parameters=[_SLUG],
        ),
        "post": operation(
            "addStep", "Write down a step", "Goals", good(201, ref("Step")), parameters=[_SLUG],
            request=body(obj({"text": {"type": "string", "maxLength": 200}})),
        ),
    },
    "/api/v2/goals/{slug}/steps/{step_id}": {
        "get": operation(
            "getStep", "One step to a goal", "Goals", good(200, ref("Step")),
            parameters=[_SLUG, in_path("step_id", WHOLE)],
        ),
    },
    "/api/v2/bookings": {
        "get": operation(
            "listBookings", "My bookings", "Bookings", good(200, obj({"bookings": many(ref("Booking"))}))
        ),
        "post": operation(
            "addBooking", "Book an hour", "Bookings", good(201, ref("Booking")),
            request=body(obj({"starts_at": TIME, "topic": TEXT})),
        ),
    },
    "/api/v2/bookings/move": {
        "post": operation(
            "moveBooking", "Move a booking", "Bookings", good(200, ref("Status")),
            request=body(obj({"booking_id": UUID, "starts_at": TIME})),
        ),
    },
    "/api/v2/bookings/cancel": {
        "post": operation(
            "cancelBooking", "Cancel a booking", "Bookings", good(200, ref("Status")),
            request=body(obj({"booking": obj({"id": UUID}, reason=TEXT)})),
        ),
    },
    "/api/v2/bookings/search": {
        "post": operation(
            "searchBookings", "Search my bookings", "Bookings", good(200, obj({"bookings": many(ref("Booking"))})),
            request=body(obj({"text": TEXT}), {"text": "sleep"}),
        ),
    },
    "/api/v2/bookings/import": {
        "post": operation(
            "previewImport", "What an export of another calendar would book", "Bookings",
            good(200, obj({"bookings": many(obj({"topic": TEXT}))})), request=body(TEXT, _EXPORT, "application/xml"),
        ),
    },
    "/api/v2/bookings/{booking_id}": {
        "get": operation(
            "getBooking", "One booking", "Bookings", good(200, ref("Booking")), parameters=[_BOOKING_ID]
        ),
        "patch": operation(
            "changeBooking", "Change the topic of a booking", "Bookings", good(200, ref("Status")),
            parameters=[_BOOKING_ID], request=body(obj({}, topic=TEXT)),
        ),
        "delete": operation(
            "deleteBooking", "Delete a booking", "Bookings", good(204, None), parameters=[_BOOKING_ID]
        ),
    },
    "/api/v2/payments": {
        "get": operation(
            "listPayments", "My payments", "Payments", good(200, obj({"payments": many(ref("Payment"))}))
        ),
        "post": operation(
            "pay", "Pay for a booking with my stored card", "Payments", good(201, ref("Payment")),
            request=body(obj({"booking_id": UUID, "reference": TEXT})), refuses=(404,),
        ),
    },
    "/api/v2/payments/{payment_id}/receipt": {
        "get": operation(
            "getReceipt", "The receipt of a payment", "Payments", good(200, obj({"receipt": ref("Receipt")})),
            parameters=[in_path("payment_id")],
        ),
    },
}  # fmt: skip
