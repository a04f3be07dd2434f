"""The demo business's own OpenAPI 3.0.3 description, written by hand; honest for the sound twin."""

from typing import Any

from apiward.demo.description import account_paths, member_paths, practice_paths, public_paths, shop_paths
from apiward.demo.description.schemas import SCHEMAS

SCHEMES: dict[str, Any] = {
    "clientLogin": {
        "type": "oauth2",
        "description": "Send the token as `Authorization: Bearer …`. Tokens are short-lived.",
        "flows": {"password": {"tokenUrl": "/api/v2/token", "scopes": {}}},
    },
    "memberSession": {
        "type": "apiKey",
        "in": "cookie",
        "name": "members",
        "description": "The cookie that `POST /members/login` sets.",
    },
    "shopToken": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "The word `Token`, a space, and the token from `POST /shop/login`.",
    },
}


def document() -> dict[str, Any]:
    """Return the whole OpenAPI document."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Marlow Coaching", "version": "2.4.0", "description": "Clients, bookings and the shop."},
        "servers": [{"url": "/"}],
        "paths": {
            **account_paths.PATHS,
            **practice_paths.PATHS,
            **public_paths.PATHS,
            **shop_paths.PATHS,
            **member_paths.PATHS,
        },
        "components": {"schemas": SCHEMAS, "securitySchemes": SCHEMES},
    }
