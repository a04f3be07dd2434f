"""What visitors see, and what is there for trying things out."""

from typing import Final

from apiward.demo.description.parts import (
    EMAIL,
    PUBLIC,
    TEXT,
    TIME,
    WHOLE,
    Part,
    body,
    good,
    in_path,
    in_query,
    many,
    obj,
    operation,
    ref,
)

_SLUG: Final = in_path("slug", TEXT | {"example": "sleep-first-steps-1"})
_LANGUAGE: Final = in_query("language", {"type": "string", "enum": ["en", "sv"]})
_LIMIT: Final = in_query("limit", {"type": "integer", "minimum": 0, "maximum": 50, "default": 20}, "Page size")
_OFFSET: Final = in_query("offset", {"type": "integer", "minimum": 0, "default": 0})

PATHS: Final[Part] = {
    "/api/v2/coach": {
        "get": operation(
            "getCoach", "Who the coach is", "Website", good(200, ref("Coach")), security=PUBLIC,
            parameters=[in_query("lang", TEXT | {"example": "en"}, "Language of the answer")],
        )
    },
    "/api/v2/articles": {
        "get": operation(
            "listArticles", "Articles, newest first", "Website", good(200, obj({"articles": many(ref("Article"))})),
            security=PUBLIC, parameters=[_LIMIT, _OFFSET], refuses=(422,),
        ),
        "post": operation(
            "publishArticle", "Publish an article for everybody", "Website", good(201, ref("Article")),
            request=body(obj({"title": TEXT, "text": TEXT})),
        ),
    },
    "/api/v2/articles/{slug}": {
        "get": operation(
            "getArticle", "One article", "Website", good(200, ref("Article")), security=PUBLIC, parameters=[_SLUG]
        ),
        "put": operation(
            "changeArticle", "Change my article", "Website", good(200, ref("Article")), parameters=[_SLUG],
            request=body(obj({"text": TEXT})), refuses=(403,),
        ),
    },
    "/api/v2/articles/{slug}/print": {
        "get": operation(
            "printArticle", "An article laid out for paper", "Website", security=PUBLIC, refuses=(422,),
            answers=good(200, obj({"slug": TEXT, "paper": TEXT, "text": TEXT})),
            parameters=[_SLUG, in_query("paper", TEXT | {"example": "a4"}, "a4, a5 or letter")],
        ),
    },
    "/api/v2/colleagues/{login}": {
        "get": operation(
            "getColleague", "One person of the team", "Website", security=PUBLIC,
            answers=good(200, obj({"login": TEXT, "name": TEXT, "works_on": TEXT})),
            parameters=[in_path("login", TEXT | {"example": "lina"})],
        )
    },
    "/api/v2/testimonials": {
        "get": operation(
            "listTestimonials", "What clients say", "Website", security=PUBLIC,
            answers=good(200, obj({"testimonials": many(obj({"name": TEXT, "text": TEXT}))})),
        )
    },
    "/api/v2/calendar": {
        "get": operation(
            "getCalendar", "Hours that are taken", "Website", security=PUBLIC,
            answers=good(200, obj({"taken": many(obj({"starts_at": TIME}))})),
        )
    },
    "/api/v2/search": {
        "get": operation(
            "search", "Search in articles", "Website", security=PUBLIC, parameters=[in_query("q", TEXT)],
            answers=good(200, obj({"query": TEXT, "articles": many(obj({"slug": TEXT, "title": TEXT}))})),
        )
    },
    "/api/v2/language": {
        "get": operation(
            "chooseLanguage", "Choose a language for the website, and go on", "Website", good(303, None, "Go on"),
            security=PUBLIC, parameters=[_LANGUAGE, in_query("next", TEXT | {"example": "/about"}, "Where to go on")],
            refuses=(422,),
        )
    },
    "/api/v2/contact": {
        "post": operation(
            "sendMessage", "Write to us", "Website", good(202, ref("Status")), security=PUBLIC,
            request=body(obj({"email": EMAIL, "message": TEXT}), {"email": "kim@mail.example", "message": "Hello"}),
        )
    },
    "/api/v2/newsletter": {
        "post": operation(
            "subscribe", "Get our newsletter", "Website", good(202, ref("Status")), security=PUBLIC,
            request=body(obj({"email": EMAIL})),
        )
    },
    "/api/v2/quotes": {
        "post": operation(
            "getQuote", "Split a budget over sessions", "Website", security=PUBLIC, refuses=(500,),
            answers=good(200, obj({"sessions": WHOLE, "each_cents": WHOLE})),
            request=body(obj({"sessions": WHOLE, "budget_cents": WHOLE}), {"sessions": 4, "budget_cents": 36000}),
        )
    },
    "/api/v2/resources": {
        "get": operation(
            "listResources", "Worksheets for clients", "Website",
            good(200, obj({"resources": many(obj({"id": WHOLE, "title": TEXT, "link": TEXT}))})),
        )
    },
    "/api/v2/resources/file": {
        "get": operation(
            "getWorksheet", "The text of a worksheet", "Website", good(200, obj({"name": TEXT, "text": TEXT})),
            parameters=[in_query("name", TEXT | {"example": "good-week.txt"}) | {"required": True}], refuses=(404,),
        )
    },
    "/api/v2/demo/reset": {
        "get": operation(
            "resetDemo", "Bring the demo data back", "Demo", good(200, ref("Status")), security=PUBLIC,
            description="Deletes everything that was added, accounts as well.",
        )
    },
    "/api/v2/demo/reset-all": {
        "post": operation("resetAll", "Start again", "Demo", good(200, ref("Status")), security=PUBLIC)
    },
}  # fmt: skip
