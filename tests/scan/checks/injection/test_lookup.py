import re
from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.injection.lookup import CHECK
from tests.scan.checks.injection import sql_shop
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi

PEOPLE = (("anna", "Anna Berg"), ("ben", "Ben Cole"), ("o'hara", "Kim O'Hara"))


def _filter_value(text: str) -> str:
    """Return what a filter of a directory means by a value (RFC 4515); ValueError for what is no filter."""
    if re.search(r"[()\0]", text) or re.search(r"\\(?![0-9a-fA-F]{2})", text):
        raise ValueError("bad filter")
    return re.sub(r"\\([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)


def _escaped(text: str) -> str:
    return "".join(f"\\{ord(sign):02x}" if sign in "\\*()\0" else sign for sign in text)


def directory(*, weak: bool, quiet: bool = False, place: str = "query") -> Pair:
    """Return an API that looks people up in a directory."""
    api = SmallApi(fails_with_200=quiet)

    def read(call: Call) -> Json:
        login = str((call.query or call.path or call.data).get("login", ""))
        try:
            wanted = _filter_value(login if weak else _escaped(login))
        except ValueError:
            raise RefusalError(500, "bad filter") from None
        found = [name for key, name in PEOPLE if key == wanted]
        if not found:
            raise RefusalError(404, f"nobody is called {login}")
        return {"name": found[0]}

    api.route("GET", "/people", lambda _: [{"login": key, "name": name} for key, name in PEOPLE], secured=False)
    if place == "path":
        api.route("GET", "/people/{login}", read, secured=False)
    else:
        api.route("GET", "/person", read, query=["login"], secured=False)
    return api.pair()


def document(*, weak: bool, quote: str = "'") -> Pair:
    """Return an API that looks people up in a document: `quote` stands around the value."""
    api = SmallApi()
    condition = re.compile(
        rf"(?P<key>[^'\"]*)({quote} and string-length\({quote}(?P<text>\d+){quote}\)=(?P<n>\d)"
        rf" and {quote}(?P<one>\d+){quote}={quote}(?P<two>\d+))?"
    )

    def read(call: Call) -> Json:
        login = call.query.get("login", "")
        met = condition.fullmatch(login) if weak else None
        if weak and met is None:
            raise RefusalError(500, "Invalid expression")
        wanted = login if met is None else met["key"]
        is_true = met is None or met["text"] is None or (len(met["text"]) == int(met["n"]) and met["one"] == met["two"])
        return {"found": [name for key, name in PEOPLE if key == wanted and is_true]}

    api.route("GET", "/people", lambda _: [{"login": key, "name": name} for key, name in PEOPLE], secured=False)
    api.route("GET", "/person", read, query=["login"], secured=False)
    return api.pair()


def ignoring_signs() -> Pair:
    """Return a sound search that looks at nothing but letters."""
    api = SmallApi()

    def read(call: Call) -> Json:
        wanted = "".join(re.findall("[a-z']+", call.query.get("login", "").lower())[:1])
        return {"found": [name for key, name in PEOPLE if key == wanted]}

    api.route("GET", "/people", lambda _: [{"login": key} for key, _ in PEOPLE], secured=False)
    api.route("GET", "/person", read, query=["login"], secured=False)
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("a directory", partial(directory, weak=True)),
    ("a directory, failures have status 200", partial(directory, weak=True, quiet=True)),
    ("a directory, in the path", partial(directory, weak=True, place="path")),
    ("a document", partial(document, weak=True)),
    ("a document, in double quotes", partial(document, weak=True, quote='"')),
)
SILENT: tuple[Case, ...] = (
    ("a directory", partial(directory, weak=False)),
    ("a directory, in the path", partial(directory, weak=False, place="path")),
    ("a document", partial(document, weak=False)),
    ("a search that drops signs", ignoring_signs),
    ("a database with commands made of text", partial(sql_shop.by_title, weak=True)),
    ("a search of a database", partial(sql_shop.by_search, weak=True)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)
