"""A small shop on SQLite, each operation with SQL built from text (weak) or with parameters (sound)."""

import re
import sqlite3
from typing import Any

from tests.scan.small_api import Call, Json, Pair, RefusalError, Said, SmallApi

BOOKS = (
    (1, "dune", "herbert", "science fiction"),
    (2, "emma", "austen", "novel"),
    (3, "persuasion", "austen", "novel"),
    (4, "ulysses", "joyce", "novel"),
    (8, "walden", "thoreau", "essay"),
)


def database() -> sqlite3.Connection:
    """Return a new database in memory with a few books and users."""
    made = sqlite3.connect(":memory:", check_same_thread=False)
    made.execute("CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT, author TEXT, kind TEXT)")
    made.execute("CREATE TABLE readers (email TEXT UNIQUE)")
    made.execute("INSERT INTO readers VALUES ('olivia@shop.test')")
    made.executemany("INSERT INTO books VALUES (?, ?, ?, ?)", BOOKS)
    return made


class Shop:
    """Holds the database; `ask` runs a query with the value in its text (weak) or as a parameter (sound)."""

    def __init__(self, *, weak: bool) -> None:
        self._weak = weak
        self._database = database()

    def ask(self, query: str, value: str, *, quoted: bool = True, around: str = "") -> list[dict[str, Any]]:
        """Run `query` with `?` standing for the value. sqlite3.Error for what is no SQL."""
        if self._weak:
            mark = "'" if quoted else ""
            cursor = self._database.execute(query.replace("?", f"{mark}{around}{value}{around}{mark}"))
        else:
            cursor = self._database.execute(query, (f"{around}{value}{around}",))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def quietly(self, query: str, value: str, *, quoted: bool = True, around: str = "") -> list[dict[str, Any]]:
        """Ask, and answer an error with nothing."""
        try:
            return self.ask(query, value, quoted=quoted, around=around)
        except (sqlite3.Error, sqlite3.Warning):
            return []


def by_title(*, weak: bool, quiet: bool = False, always_200: bool = False) -> Pair:
    """Return an API that shows a book by its title in the path; an unknown one is 404."""
    api, shop = SmallApi(fails_with_200=always_200), Shop(weak=weak)
    ask = shop.quietly if quiet else shop.ask

    def read(call: Call) -> Json:
        found = ask("SELECT title, author FROM books WHERE title = ?", call.path["title"])
        if not found:
            raise RefusalError(404, f"no book {call.path['title']}")
        return found[0]

    api.route("GET", "/books", lambda _: shop.ask("SELECT title FROM books WHERE kind <> ?", "x"), secured=False)
    api.route("GET", "/books/{title}", read, secured=False)
    return api.pair()


def by_number(*, weak: bool, in_brackets: bool = False) -> Pair:
    """Return an API that shows a book by its number; errors and unknown numbers are 404 alike."""
    api, shop = SmallApi(), Shop(weak=weak)
    condition = "(id = ?)" if in_brackets else "id = ?"

    def read(call: Call) -> Json:
        found = shop.quietly(f"SELECT title, author FROM books WHERE {condition}", call.path["book_id"], quoted=False)
        if not found:
            raise RefusalError(404, "no such book")
        return found[0]

    api.route("GET", "/books", lambda _: shop.ask("SELECT id, title FROM books WHERE kind <> ?", "x"), secured=False)
    api.route("GET", "/books/{book_id}", read)
    return api.pair()


def by_search(*, weak: bool) -> Pair:
    """Return an API that filters with LIKE; whatever happens, the answer is a list with status 200."""
    api, shop = SmallApi(), Shop(weak=weak)

    def read(call: Call) -> Json:
        where = "lower(author) LIKE ? OR 1 = 0"
        return {
            "books": shop.quietly(f"SELECT title, author FROM books WHERE {where}", call.query.get("q", ""), around="%")
        }

    api.route("GET", "/books", read, query=["q"], secured=False)
    return api.pair()


def by_hidden_filter(*, weak: bool) -> Pair:
    """Return an API whose filter takes a value that stands in no answer: only a condition that widens shows it."""
    api, shop = SmallApi(), Shop(weak=weak)

    def read(call: Call) -> Json:
        return {"books": shop.quietly("SELECT title FROM books WHERE (kind = ?)", call.query.get("shelf", ""))}

    api.route("GET", "/books", read, query=["shelf"])
    return api.pair()


def by_order(*, weak: bool) -> Pair:
    """Return an API that sorts by a column of the caller's choice; the sound one knows its columns."""
    api, shop = SmallApi(), Shop(weak=True)

    def read(call: Call) -> Json:
        column = call.query.get("sort", "id")
        if not weak and column not in ("id", "title"):
            column = "id"
        return shop.quietly("SELECT title, author FROM books ORDER BY ?", column, quoted=False)

    api.route("GET", "/books", read, query=["sort"], secured=False)
    return api.pair()


def by_nested_body(*, weak: bool) -> Pair:
    """Return an API that searches with a nested JSON body; a failure has status 200."""
    api, shop = SmallApi(fails_with_200=True, nest="data"), Shop(weak=weak)

    def read(call: Call) -> Json:
        wanted = call.data.get("filter", {}).get("author", "")
        try:
            return {"books": shop.ask("SELECT title FROM books WHERE author = ?", str(wanted))}
        except sqlite3.Error:
            raise RefusalError(500, "that did not work") from None

    schema: Any = {"author": "string"}
    api.route("POST", "/books/search", read, body=schema)
    described = api.paths["/books/search"]["post"]["requestBody"]["content"]["application/json"]
    described["schema"] = {"type": "object", "required": ["filter"], "properties": {"filter": described["schema"]}}
    return api.pair()


def by_time_only(*, weak: bool, uses_form: bool = False) -> Pair:
    """Return an API that looks an address up and always answers the same, whatever happens."""
    api, shop = SmallApi(has_accounts=False), Shop(weak=weak)

    def subscribe(call: Call) -> Json:
        shop.quietly("SELECT email FROM readers WHERE email = ?", str(call.data.get("email", "")))
        return Said({"status": "ok"}, 202)

    media_type = "application/x-www-form-urlencoded" if uses_form else "application/json"
    api.route("POST", "/newsletter", subscribe, body={"email": "string"}, secured=False, media_type=media_type)
    return api.pair()


def by_log_in(*, weak: bool, quiet: bool) -> Pair:
    """Return an API whose log-in asks the database for name and password in one command."""
    api = SmallApi(has_accounts=False)
    people = database()
    people.execute("CREATE TABLE people (name TEXT, password TEXT)")
    people.execute("INSERT INTO people VALUES ('olivia', 'olivias-own-9')")

    def enter(call: Call) -> Json:
        name, password = str(call.data.get("username")), str(call.data.get("password"))
        try:
            if weak:
                text = f"SELECT name FROM people WHERE name = '{name}' AND password = '{password}'"
                found = people.execute(text).fetchone()
            else:
                found = people.execute(
                    "SELECT name FROM people WHERE name = ? AND password = ?", (name, password)
                ).fetchone()
        except sqlite3.Error:
            if not quiet:
                raise
            found = None
        if found is None:
            raise RefusalError(401, "wrong name or password")
        return {"access_token": "tok-3-olivia-abcdef0123456789"}

    api.route("POST", "/login", enter, body={"username": "string", "password": "string"}, secured=False)
    return api.pair()


def deleting(*, weak: bool) -> Pair:
    """Return an API that removes books by their title; nothing is left for whoever asks with OR."""
    api, shop = SmallApi(), Shop(weak=weak)

    def remove(call: Call) -> Json:
        shop.ask("DELETE FROM books WHERE title = ?", call.path["title"])
        if not shop.ask("SELECT 1 FROM books WHERE kind <> ?", "x"):
            raise AssertionError("the scan has deleted what is not its own")
        return {"status": "ok"}

    api.route("DELETE", "/books/{title}", remove)
    return api.pair()


def updating(*, weak: bool) -> Pair:
    """Return an API that changes a book's author by its title, and fails with status 200."""
    api, shop = SmallApi(fails_with_200=True), Shop(weak=weak)

    def change(call: Call) -> Json:
        try:
            shop.ask("UPDATE books SET author = ? WHERE id = 1", str(call.data.get("author")))
        except sqlite3.Error:
            raise RefusalError(500, "that did not work") from None
        return {"status": "ok"}

    api.route("PUT", "/books/first", change, body={"author": "string"})
    return api.pair()


def inserting(*, weak: bool) -> Pair:
    """Return an API that keeps books of which each title may be there once; failures look like duplicates."""
    api, shop, titles = SmallApi(), Shop(weak=weak), set[str]()

    def add(call: Call) -> Json:
        title = str(call.data.get("title"))
        if title in titles:
            raise RefusalError(409, "already there")
        try:
            shop.ask("INSERT INTO books (title, kind) VALUES (?, 'novel')", title)
        except sqlite3.Error:
            raise RefusalError(409, "already there") from None
        titles.add(title)
        return Said({"status": "ok"}, 201)

    api.route("POST", "/books", add, body={"title": "string", "note": "string"})
    return api.pair()


def like_a_tokeniser() -> Pair:
    """Return a sound API whose search drops everything that is no letter before it looks."""
    api = SmallApi()

    def read(call: Call) -> Json:
        words = re.findall(r"[a-z]+", call.query.get("q", "").lower())
        return [{"title": title} for _, title, author, _ in BOOKS if not words or any(w in author for w in words)]

    api.route("GET", "/books", read, query=["q"], secured=False)
    return api.pair()


def crashing_on_quotes() -> Pair:
    """Return a sound API that fails with 500 on every quote, one or two."""
    api = SmallApi()

    def read(call: Call) -> Json:
        if "'" in call.path["title"]:
            raise ValueError(call.path["title"])
        return {"title": call.path["title"]}

    api.route("GET", "/books/{title}", read, secured=False)
    return api.pair()


def reading_leading_digits() -> Pair:
    """Return a sound API that reads the digits a value begins with, as parseInt does."""
    api = SmallApi()

    def read(call: Call) -> Json:
        digits = re.match(r"\d+", call.path["book_id"])
        found = [title for number, title, *_ in BOOKS if digits and number == int(digits.group())]
        if not found:
            raise RefusalError(404, "no such book")
        return {"title": found[0]}

    api.route("GET", "/books", lambda _: [{"id": number} for number, *_ in BOOKS], secured=False)
    api.route("GET", "/books/{book_id}", read, secured=False)
    return api.pair()


def behind_a_filter() -> Pair:
    """Return a sound API that refuses words of SQL with 403, and quotes nobody."""
    api, shop = SmallApi(), Shop(weak=False)

    def read(call: Call) -> Json:
        wanted = call.query.get("author", "")
        if re.search(r" (and|or) |union|select|--", wanted, re.IGNORECASE):
            raise RefusalError(403, "blocked")
        return {"asked": wanted, "books": shop.ask("SELECT title, author FROM books WHERE author = ?", wanted)}

    api.route("GET", "/authors", lambda _: [{"author": author} for _, _, author, _ in BOOKS], secured=False)
    api.route("GET", "/books", read, query=["author"], secured=False)
    return api.pair()


def changing_with_each_call() -> Pair:
    """Return a sound API whose answers are never the same twice."""
    api, count = SmallApi(), iter(range(10**6))
    api.route("GET", "/books", lambda _: {"seen": next(count), "books": []}, query=["author"], secured=False)
    return api.pair()
