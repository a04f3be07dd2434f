"""The shop as a Django site in one file."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import django  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="for tests alone", MIDDLEWARE=[], LOGGING_CONFIG=None
    )
    django.setup()

from django.core.handlers.asgi import ASGIHandler  # type: ignore[import-untyped]
from django.core.handlers.wsgi import WSGIHandler  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse  # type: ignore[import-untyped]
from django.urls import path  # type: ignore[import-untyped]

from tests.frameworks.shops import CUSTOMER, PIECES, Asgi


def orders(request: HttpRequest) -> HttpResponse:
    """Search, or order."""
    if request.method == "POST":
        return JsonResponse(json.loads(request.body), status=201)
    return JsonResponse({"q": request.GET.get("q", "")})


def customer(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002 - the name in the path
    """Show a customer with too much of it."""
    return JsonResponse(CUSTOMER)


def me(request: HttpRequest) -> HttpResponse:
    """Say who calls."""
    scope: Any = getattr(request, "scope", None) or request.META["asgi.scope"]
    return JsonResponse({"key": scope["apiward.principal"].key, "address": request.META["REMOTE_ADDR"]})


def words(request: HttpRequest) -> StreamingHttpResponse:
    """Stream."""

    def pieces() -> Iterator[str]:
        yield from PIECES

    async def async_pieces() -> AsyncIterator[str]:
        for piece in PIECES:
            yield piece

    streamed: Any = async_pieces() if hasattr(request, "scope") else pieces()
    return StreamingHttpResponse(streamed, content_type="text/plain")


def hidden(request: HttpRequest) -> HttpResponse:
    """Show what nobody described."""
    return JsonResponse({"secret": True})


urlpatterns = [
    path("orders", orders),
    path("customers/<int:id>", customer),
    path("me", me),
    path("words", words),
    path("hidden", hidden),
]


def asgi() -> Asgi:
    """Return the site as an ASGI app, which takes no lifespan."""
    return cast("Asgi", ASGIHandler())


def wsgi() -> Asgi:
    """Return the site as a WSGI app."""
    return cast("Asgi", WSGIHandler())
