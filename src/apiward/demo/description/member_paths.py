"""The members' pages: a form, and a session cookie."""

from typing import Final

from apiward.demo.description.parts import EMAIL, MEMBER, PUBLIC, TEXT, Part, body, good, obj, operation, ref

_FORM: Final = "application/x-www-form-urlencoded"
_LOG_IN: Final = obj({"email": EMAIL, "password": {"type": "string", "format": "password"}}, code=TEXT)

PATHS: Final[Part] = {
    "/members/login": {
        "post": operation(
            "memberLogin", "Log in to the members' pages", "Members", good(200, ref("Status")), security=PUBLIC,
            request=body(_LOG_IN, media_type=_FORM), refuses=(403, 429),
        ),
    },
    "/members/home": {
        "get": operation(
            "memberHome", "Who is logged in", "Members", good(200, obj({"email": EMAIL, "display_name": TEXT})),
            security=MEMBER,
        ),
    },
    "/members/display-name": {
        "post": operation(
            "setDisplayName", "Set the name that other members see", "Members", good(200, ref("Status")),
            security=MEMBER, request=body(obj({"display_name": TEXT}), media_type=_FORM), refuses=(403,),
        ),
    },
    "/members/logout": {
        "post": operation(
            "memberLogout", "Leave the members' pages", "Members", good(200, ref("Status")), security=MEMBER
        ),
    },
}  # fmt: skip
