import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apiward.app.in_process.loading import NoAppError, load_app, own_app

PROGRAM = """
print("imported")

class Site:
    async def __call__(self, scope, receive, send):
        print("called")

class Places:
    inner = Site()

def pages(environ, start_response):
    return []

def create_app(debug=False):
    return pages

def fails():
    raise OSError("no database")

app = Site()
number = 7
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    (tmp_path / "own_shop.py").write_text(PROGRAM)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "is_wsgi"),
    [("app", False), ("Places.inner", False), ("pages", True), ("create_app()", True)],
)
def test_an_app_is_loaded_with_its_kind_and_prints_nothing_into_a_report(
    folder: Path,
    name: str,
    is_wsgi: bool,  # noqa: FBT001 - a case of the table
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = load_app(f"own_shop:{name}", folder)
    assert (app.name, app.is_wsgi) == (f"own_shop:{name}", is_wsgi)
    assert capsys.readouterr() == ("", "imported\n")


@pytest.mark.parametrize(
    ("text", "what", "why"),
    [
        ("own_shop", "'own_shop' names no app.", "--app shop:app"),
        ("own_shop:app; import os", "names no app.", ""),
        ("own_shp:app", "There is no module own_shp in ", "in the folder from which your server is started"),
        ("own_shop.web:app", "There is no module own_shop.web in ", ""),
        ("own_shop:ap", "own_shop has no ap.", 'Did you mean "app"?'),
        ("own_shop:nothing_like_it", "own_shop has no nothing_like_it.", "It has app, pages."),
        ("own_shop:create_app", "own_shop:create_app is no app.", "write --app own_shop:create_app()."),
        ("own_shop:number", "own_shop:number is no app.", "It is an int."),
        ("own_shop:number()", "own_shop:number() cannot be called.", "Leave () away."),
        ("own_shop:fails()", "own_shop:fails() made no app.", "OSError: no database ("),
    ],
)
def test_what_is_no_app_is_told_in_plain_words(folder: Path, text: str, what: str, why: str) -> None:
    with pytest.raises(NoAppError) as caught:
        load_app(text, folder)
    assert what in caught.value.what
    assert why in f"{caught.value.why} {caught.value.advice}"


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import not_there_at_all", "It needs not_there_at_all, which is not installed beside apiward ("),
        ("import sys; sys.exit('DATABASE_URL is missing')", "SystemExit: DATABASE_URL is missing ("),
        ("\n\ndef f(:", "SyntaxError: invalid syntax ("),
        ("1 / 0", "ZeroDivisionError: division by zero ("),
        ("raise ValueError", "ValueError ("),
    ],
)
def test_a_program_that_cannot_be_imported_says_where(folder: Path, program: str, why: str) -> None:
    (folder / "own_broken.py").write_text(program)
    with pytest.raises(NoAppError) as caught:
        load_app("own_broken:app", folder)
    assert caught.value.what == "own_broken could not be imported."
    assert caught.value.why.startswith(why)
    assert f"own_broken.py, line {1 + program.count(chr(10))}" in caught.value.why


def test_kinds_are_told_by_what_must_be_given() -> None:
    async def asgi(scope: object, receive: object, send: object) -> None: ...

    async def around(*arguments: object) -> None: ...

    def wsgi(environ: object, start: object, *, more: int = 0) -> Any: ...  # noqa: ANN401 - never called

    kinds = [own_app(one).is_wsgi for one in (asgi, around, wsgi, functools.partial(asgi), functools.partial(wsgi))]
    assert kinds == [False, False, True, False, True]
    for none in (lambda *_: None, lambda _: None, "text", int):
        with pytest.raises(NoAppError):
            own_app(none)
