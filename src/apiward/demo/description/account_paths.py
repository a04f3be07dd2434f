"""Signing up, logging in, one's own record."""

from typing import Final

from apiward.demo.description.parts import (
    EMAIL,
    PASSWORD,
    PUBLIC,
    TEXT,
    UUID,
    Part,
    body,
    good,
    in_path,
    obj,
    operation,
    ref,
)

_CLIENT_ID: Final = in_path("client_id", UUID)
_CALENDAR: Final[Part] = {
    "type": "string", "format": "uri", "example": "https://calendar.google.com/calendar/ical/kim/basic.ics"
}  # fmt: skip
_FORM: Final = obj(
    {"username": TEXT, "password": {"type": "string", "format": "password"}},
    grant_type={"type": "string", "enum": ["password"]},
    scope=TEXT,
    code={"type": "string", "description": "The code of the second factor, where one is on"},
)
_SIGN_UP: Final = obj({"client": obj({"email": EMAIL, "name": TEXT, "password": PASSWORD}, phone=TEXT)})
_PHOTO: Final[Part] = {"type": "string", "format": "binary"}
_PHOTOS: Final = {kind: {"schema": _PHOTO} for kind in ("image/png", "image/jpeg")}
_SHOWN_PHOTO: Final = {"200": {"description": "Done", "content": _PHOTOS}}

PATHS: Final[Part] = {
    "/api/v2/register": {
        "post": operation(
            "registerClient", "Open an account", "Account", good(202, ref("Status")), security=PUBLIC,
            request=body(
                _SIGN_UP,
                {"client": {"email": "jo@mail.example", "name": "Jo Winter", "password": "a-long-Quiet-word"}},
            ),
            refuses=(409,),
        ),
    },
    "/api/v2/token": {
        "post": operation(
            "getToken", "Log in", "Account", good(200, ref("Token")), security=PUBLIC,
            request=body(_FORM, media_type="application/x-www-form-urlencoded"), refuses=(429,),
            description="OAuth2 password grant. The username is the e-mail address.",
        ),
    },
    "/api/v2/token/refresh": {
        "post": operation(
            "refreshToken", "Get new tokens for a refresh token", "Account", good(200, ref("Token")), security=PUBLIC,
            request=body(obj({"refresh_token": TEXT})), refuses=(401,),
            description="A refresh token works once. One that is sent again ends the log-in.",
        ),
    },
    "/api/v2/logout": {"post": operation("logout", "Log out", "Account", good(200, ref("Status")))},
    "/api/v2/password/forgot": {
        "post": operation(
            "forgotPassword", "Ask for a link to choose a new password", "Account", good(200, ref("Status")),
            security=PUBLIC, request=body(obj({"email": EMAIL})),
        ),
    },
    "/api/v2/password/reset": {
        "post": operation(
            "resetPassword", "Set a new password with the ticket of the link", "Account", good(200, ref("Status")),
            security=PUBLIC, request=body(obj({"reset_token": TEXT, "new_password": PASSWORD})),
        ),
    },
    "/api/v2/me": {
        "get": operation("getMe", "My own record", "Account", good(200, ref("ClientAnswer"))),
        "patch": operation(
            "changeMe", "Change my name or telephone number", "Account", good(200, ref("Status")),
            request=body(obj({"client": obj({}, name=TEXT, phone=TEXT)}), {"client": {"phone": "+44 20 7946 0199"}}),
        ),
    },
    "/api/v2/me/password": {
        "put": operation(
            "changeMyPassword", "Change my password", "Account", good(204, None), refuses=(403,),
            request=body(obj({"current_password": {"type": "string", "format": "password"}, "new_password": PASSWORD})),
        ),
    },
    "/api/v2/me/invitation": {
        "get": operation(
            "getMyInvitation", "A link with which I recommend you", "Account", good(200, obj({"link": TEXT}))
        ),
    },
    "/api/v2/me/calendar": {
        "get": operation(
            "getMyCalendar", "Which calendar of mine is linked", "Account", good(200, obj({"calendar_url": TEXT}))
        ),
        "put": operation(
            "linkMyCalendar", "Link my own calendar", "Account", good(200, ref("Status")),
            request=body(obj({"calendar_url": _CALENDAR})),
        ),
    },
    "/api/v2/me/photo": {
        "put": operation(
            "setMyPhoto", "Show my photo beside what I write", "Account", good(200, obj({"photo_url": TEXT})),
            request=body(obj({"photo": _PHOTO}), media_type="multipart/form-data"),
        ),
    },
    "/api/v2/photos/{name}": {
        "get": operation(
            "getPhoto", "A client's photo", "Account", _SHOWN_PHOTO, security=PUBLIC, parameters=[in_path("name")]
        ),
    },
    "/api/v2/me/email": {
        "put": operation(
            "changeMyEmail", "Ask to change my e-mail address", "Account", good(202, ref("Status")),
            request=body(obj({"email": EMAIL})),
            description="A link is sent to the new address. The account goes by the old one until it is followed.",
        ),
    },
    "/api/v2/me/second-factor": {
        "post": operation(
            "beginSecondFactor", "Get the secret for an authenticator app", "Account", refuses=(409,),
            answers=good(200, obj({"secret": TEXT, "uri": TEXT})),
        ),
    },
    "/api/v2/me/second-factor/confirm": {
        "post": operation(
            "confirmSecondFactor", "Switch the second factor on", "Account", good(200, ref("Status")), refuses=(403,),
            request=body(obj({"code": TEXT})),
        ),
    },
    "/api/v2/clients/{client_id}": {
        "get": operation(
            "getClient", "One client", "Clients", good(200, ref("ClientAnswer")), parameters=[_CLIENT_ID]
        ),
        "delete": operation(
            "deleteClient", "Delete a client (owner only)", "Clients", good(200, ref("Status")),
            parameters=[_CLIENT_ID], refuses=(403,),
        ),
    },
    "/api/v2/clients/{client_id}/contact": {
        "put": operation(
            "changeContact", "Change a client's telephone number", "Clients", good(204, None),
            parameters=[_CLIENT_ID], request=body(obj({"phone": TEXT}), {"phone": "+44 20 7946 0123"}),
        ),
    },
    "/api/v2/clients/{client_id}/password": {
        "put": operation(
            "changeClientPassword", "Set a client's password", "Clients", good(204, None),
            parameters=[_CLIENT_ID], refuses=(403,),
            request=body(obj({"current_password": {"type": "string", "format": "password"}, "password": PASSWORD})),
        ),
    },
    "/api/v2/admin/clients": {
        "get": operation(
            "listClients", "All clients (team only)", "Team",
            good(200, obj({"clients": {"type": "array", "items": ref("Client")}})), refuses=(403,),
        ),
    },
    "/api/v2/admin/bookings": {
        "get": operation(
            "listAllBookings", "All bookings (team only)", "Team",
            good(200, obj({"bookings": {"type": "array", "items": ref("Booking")}})), refuses=(403,),
        ),
    },
    "/api/v2/admin/reports": {
        "get": operation(
            "getReports", "Figures of the business (owner only)", "Team", refuses=(403,),
            answers=good(200, obj({"report": obj({}, payments={"type": "integer"}, income_cents={"type": "integer"},
                                                 clients={"type": "integer"})})),
        ),
    },
    "/api/v2/admin/clients/{client_id}/role": {
        "put": operation(
            "changeRole", "Give a person another role (owner only)", "Team", good(200, ref("Status")),
            parameters=[_CLIENT_ID], refuses=(403,),
            request=body(obj({"role": {"type": "string", "enum": ["client", "assistant", "owner"]}})),
        ),
    },
}  # fmt: skip
