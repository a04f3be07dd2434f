"""Articles: written by whoever is logged in, published for everybody, named by a slug."""

import re
import sqlite3
from typing import Any

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer, text
from apiward.demo.desk import Desk, Entry

MOST_PER_PAGE = 50


def list_articles(desk: Desk, call: Call) -> Response:
    """List articles, newest first, a page at a time."""
    limit, offset = _number(desk, call, "limit", 20), _number(desk, call, "offset", 0)
    if limit > MOST_PER_PAGE and not desk.weak("page-size-unlimited"):
        limit = MOST_PER_PAGE
    rows = desk.storage.rows("SELECT * FROM articles ORDER BY id DESC LIMIT ? OFFSET ?", limit, offset)
    return answer({"articles": [_shown_article(row) for row in rows]})


def add_article(desk: Desk, call: Call) -> Response:
    """Publish an article: meant for everybody to read."""
    me, wanted = client(desk, call), call.data()
    title = text(wanted, "title", most=120)
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "article"
    slug = f"{slug}-{desk.rng.randrange(16**6):06x}"
    desk.storage.insert(
        "articles", slug=slug, author=me.id, author_name=me.name, title=title, text=text(wanted, "text")
    )
    return answer(_shown_article(article_in(desk, slug)), 201)


def read_article(desk: Desk, call: Call) -> Response:
    """Show one article to everybody."""
    slug = call.path["slug"]
    if desk.weak("sql-injection-article", noticed="'" in slug):
        sql = f"SELECT slug, author_name, title, text FROM articles WHERE slug = '{slug}'"
        row = desk.storage.row(sql)
        if row is None:
            raise Refusal(404, "No such article")
        return answer(_shown_article(row))
    return answer(_shown_article(article_in(desk, slug)))


def change_article(desk: Desk, call: Call) -> Response:
    """Change one's own article. Sound in both twins."""
    me, wanted, row = client(desk, call), call.data(), article_in(desk, call.path["slug"])
    if row["author"] != me.id:
        raise Refusal(403, "Only the author can change an article")
    desk.storage.change("articles", "slug", row["slug"], text=text(wanted, "text"))
    return answer(_shown_article(article_in(desk, row["slug"])))


def _number(desk: Desk, call: Call, name: str, usual: int) -> int:
    given = call.query.get(name, str(usual))
    if not given.isascii() or not given.isdigit() or len(given) > 12:
        if desk.weak("error-details"):
            return int(given[:12])  # fails loudly for what is no number
        raise Refusal(422, f"'{name}' must be a whole number of 0 or more")
    return int(given)


def _shown_article(row: sqlite3.Row) -> dict[str, Any]:
    return {"slug": row["slug"], "author": row["author_name"], "title": row["title"], "text": row["text"]}


def article_in(desk: Desk, slug: str) -> sqlite3.Row:
    """Return an article, or refuse."""
    row = desk.storage.row("SELECT * FROM articles WHERE slug = ?", slug)
    if row is None:
        raise Refusal(404, "No such article")
    return row


ENTRIES = (
    Entry("GET", "/api/v2/articles", list_articles),
    Entry("POST", "/api/v2/articles", add_article),
    Entry("GET", "/api/v2/articles/{slug}", read_article),
    Entry("PUT", "/api/v2/articles/{slug}", change_article),
)
