from collections.abc import Callable
from functools import partial
from typing import TypeAlias, TypedDict

import pytest

from apiward.core.account import Account
from apiward.core.verdict import Outcome
from apiward.scan.checks.resources.uploads import CHECK, CODE
from apiward.scan.level import Level
from tests.scan.checks.resources.albums import Album, File, looks_like_picture
from tests.scan.harness import Scanned, scan_app

Case: TypeAlias = tuple[str, Callable[[], Album]]


def _declared(one: File) -> str:
    return one.declared


def _as_png(_: File) -> str:
    return "image/png"


def _only_svg(one: File) -> bool:
    return one.by_name != "text/html"


def _picture(one: File) -> bool:
    return one.by_name == "image/png" and looks_like_picture(one)


class Own(TypedDict):
    method: str
    path: str
    names_place: str


OWN: Own = {"method": "PUT", "path": "/me/avatar", "names_place": "none"}


NAMED = "script-src 'unsafe-inline' 'nonce-Zm9v'"
TRIGGERS: tuple[Case, ...] = (
    ("everything by its name", Album),
    ("by the type that was sent", partial(Album, served_as=_declared)),
    ("whatever begins like a picture", partial(Album, takes=looks_like_picture)),
    ("drawings with scripts", partial(Album, takes=_only_svg)),
    ("found through another operation", partial(Album, names_place="none")),
    (
        "our own, at the same path",
        partial(Album, method="PUT", path="/me/avatar", field_name="file", names_place="none"),
    ),
    ("in a list of pictures, with status 200", partial(Album, field_name="profileImage", status=200)),
    ("with a policy that lets it run", partial(Album, more={"Content-Security-Policy": "script-src 'unsafe-inline'"})),
)
SILENT: tuple[tuple[str, Callable[[], Album], Outcome], ...] = (
    (
        "pictures alone",
        partial(Album, takes=lambda one: one.by_name == "image/png" and looks_like_picture(one)),
        Outcome.HOLDS,
    ),
    ("taken, served as a picture", partial(Album, served_as=_as_png), Outcome.HOLDS),
    (
        "taken, as an attachment",
        partial(Album, more={"Content-Disposition": 'attachment; filename="a"'}),
        Outcome.HOLDS,
    ),
    ("taken, in a sandbox", partial(Album, more={"Content-Security-Policy": "sandbox"}), Outcome.HOLDS),
    ("taken, no scripts", partial(Album, more={"Content-Security-Policy": "default-src 'self'"}), Outcome.HOLDS),
    ("taken, from another host", partial(Album, names_place="far", path="/me/pictures"), Outcome.UNSURE),
    ("taken, only named scripts", partial(Album, more={"Content-Security-Policy": NAMED}), Outcome.HOLDS),
    ("taken, at an address where nothing is", partial(Album, names_place="/files/none"), Outcome.UNSURE),
    ("taken, for who shows a header", partial(Album, log_in_by="header"), Outcome.HOLDS),
    ("nothing is taken", partial(Album, takes=lambda _: False), Outcome.NOT_RUN),
)


def scanned(album: Album, level: Level = Level.FULL, accounts: tuple[Account, ...] = ()) -> Scanned:
    app, description = album.pair()
    return scan_app(app, description, [CHECK], level=level, accounts=accounts)


@pytest.mark.parametrize("make", [one[1] for one in TRIGGERS], ids=[one[0] for one in TRIGGERS])
def test_fires_on_the_weak_twin(make: Callable[[], Album]) -> None:
    album = make()
    found = scanned(album)
    at = f"{album.method} {album.path}"
    assert found.broken() == {(CODE, at)}, found.said(CODE, at)
    (finding,) = found.report.findings
    # Evidence keeps no bytes of pictures, so that the page that begins like one is not shown in it.
    assert "<script>/* apiward aw" in finding.evidence.attack.text or finding.evidence.attack.text == "[binary]"
    assert finding.evidence.control is not None
    assert finding.evidence.control.is_success


@pytest.mark.parametrize(("make", "outcome"), [one[1:] for one in SILENT], ids=[one[0] for one in SILENT])
def test_is_silent_on_the_sound_twin(make: Callable[[], Album], outcome: Outcome) -> None:
    album = make()
    found = scanned(album)
    assert not found.broken()
    at = f"{album.method} {album.path}"
    assert found.outcome(CODE, at) is outcome, found.said(CODE, at)


def test_a_field_for_any_file_is_not_judged() -> None:
    assert not scanned(Album(field_name="document", path="/documents")).report.items


def test_in_the_end_a_picture_stands_where_one_stood() -> None:
    album = Album(**OWN)
    assert scanned(album).broken()
    assert album.files["mine"].by_name == "image/png"


def test_a_picture_that_was_there_is_not_replaced_and_nothing_is_sent_at_level_read() -> None:
    given = tuple(Account(name, name, "olivias-own-9", facts={"username": name}) for name in ("olivia",))
    album = Album(**OWN)
    found = scanned(album, accounts=given)
    assert found.outcome(CODE, "PUT /me/avatar") is Outcome.NOT_RUN
    assert not album.tried
    album = Album()
    assert scanned(album, Level.READ).report.items
    assert not album.tried


@pytest.mark.parametrize("place", ["/logout", "/files/1/delete", "/demo/reset", "//elsewhere.example/x.html"])
def test_an_address_that_may_do_something_is_not_opened(place: str) -> None:
    found = scanned(Album(names_place=place, path="/me/pictures"))
    assert found.outcome(CODE, "POST /me/pictures") is Outcome.UNSURE, found.said(CODE, "POST /me/pictures")


def test_it_sends_a_bounded_number_of_files() -> None:
    album = Album(takes=lambda one: one.by_name == "image/png")
    scanned(album)
    assert len(album.tried) <= 8
