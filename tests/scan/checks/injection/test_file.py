import base64
import posixpath
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import unquote

import pytest

from apiward.scan.checks.injection.file import CHECK
from apiward.scan.level import Level
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi

PASSWD = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
DISK: Mapping[str, str] = {
    "/srv/files/guide.txt": "How to begin.",
    "/srv/files/deep/plan.txt": "A plan.",
    "/etc/passwd": PASSWD,
}
WINDOWS: Mapping[str, str] = {
    "c:/files/guide.txt": "How to begin.",
    "c:/windows/win.ini": "; for 16-bit app support\n[fonts]\n[extensions]\n",
}
READERS: Mapping[str, Callable[[str], str]] = {
    "joined": lambda name: posixpath.normpath(f"/srv/files/{name}"),
    "from the root": lambda name: posixpath.normpath(posixpath.join("/srv/files", name)),
    "steps taken out once": lambda name: posixpath.normpath("/srv/files/" + name.lstrip("/").replace("../", "")),
    "decoded twice": lambda name: posixpath.normpath("/srv/files/" + unquote(_without_steps(name))),
    "an address": lambda name: (
        name.removeprefix("file://") if name.startswith("file://") else f"/srv/files/{name[:20]}"
    ),
    "an end added": lambda name: posixpath.normpath(f"/srv/files/{name}").partition("\0")[0],
    "a fitting beginning": lambda name: posixpath.normpath(f"/srv/files/{name if name.startswith('guide') else ''}"),
    "windows": lambda name: "c:" + posixpath.normpath("/files/" + name.replace("\\", "/")).lower(),
    "sound": lambda name: _inside(posixpath.normpath(f"/srv/files/{name}")),
    "sound, last part only": lambda name: f"/srv/files/{posixpath.basename(name)}",
}


def _without_steps(name: str) -> str:
    return "" if "../" in name or name.startswith("/") else name


def _inside(path: str) -> str:
    return path if path.startswith("/srv/files/") else ""


def reading(how: str, *, place: str = "query", shown: str = "text", name: str = "file") -> Pair:
    """Return an API that reads files from a disk in memory."""
    api = SmallApi()
    disk = WINDOWS if how == "windows" else DISK

    def read(call: Call) -> Json:
        wanted = str((call.query or call.path or call.data).get(name, ""))
        found = disk.get(READERS[how](wanted))
        if found is None:
            raise RefusalError(404, f"no such file: {wanted}")
        return {shown: base64.b64encode(found.encode()).decode() if shown == "base64" else found}

    if place == "body":
        api.route("POST", "/files/read", read, body={name: "string"})
    elif place == "path":
        api.route("GET", "/files/{file:path}", read, secured=False)
        api.paths["/files/{file}"] = api.paths.pop("/files/{file:path}")
        api.paths["/files/{file}"]["get"]["parameters"] = [
            {"name": "file", "in": "path", "required": True, "schema": {"type": "string", "example": "guide.txt"}}
        ]
        return api.pair()
    else:
        api.route("GET", "/files", read, query=[name], secured=False)
    schema = {"type": "string", "example": "guide.txt"}
    if place == "query":
        api.paths["/files"]["get"]["parameters"][0]["schema"] = schema
    else:
        content = api.paths["/files/read"]["post"]["requestBody"]["content"]["application/json"]
        content["schema"]["properties"][name] = schema
    return api.pair()


def unlikely_name() -> Pair:
    """Return a weak API in which nothing speaks for a file."""
    api = SmallApi()

    def read(call: Call) -> Json:
        found = DISK.get(READERS["joined"](call.query.get("which", "")))
        return {"note": found or "none"}

    api.route("GET", "/welcome", read, query=["which"], secured=False)
    return api.pair()


def showing_accounts() -> Pair:
    """Return a sound API that explains what such a file looks like, whatever is asked."""
    api = SmallApi()
    api.route(
        "GET", "/files", lambda call: {"help": PASSWD, "of": call.query.get("file")}, query=["file"], secured=False
    )
    return api.pair()


def searching_text() -> Pair:
    """Return a sound API that echoes the name, and finds nothing under it."""
    api = SmallApi()
    api.route(
        "GET", "/files", lambda call: {"asked": call.query.get("file"), "found": []}, query=["file"], secured=False
    )
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    *((how, partial(reading, how)) for how in READERS if "sound" not in how),
    ("in the path", partial(reading, "joined", place="path")),
    ("a POST that reads", partial(reading, "joined", place="body")),
    ("shown in base64", partial(reading, "joined", shown="base64")),
    ("nothing speaks for a file", unlikely_name),
)
SILENT: tuple[Case, ...] = (
    ("only inside", partial(reading, "sound")),
    ("the last part only", partial(reading, "sound, last part only")),
    ("only inside, in the path", partial(reading, "sound", place="path")),
    ("only inside, in JSON", partial(reading, "sound", place="body")),
    ("an echo", searching_text),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_an_answer_that_holds_such_a_file_always_is_no_proof() -> None:
    assert not broken_at(showing_accounts, CHECK)


def test_names_of_system_files_are_sent_to_nothing_that_writes() -> None:
    api = SmallApi()
    seen: list[Json] = []

    def keep(call: Call) -> Json:
        seen.append(call.data)
        return {"ok": True}

    for method, path in (("POST", "/files"), ("PUT", "/files/{name}"), ("POST", "/files/upload")):
        api.route(method, path, keep, body={"file": "string"})
    api.route("POST", "/files/load", keep, body={"name": "string", "content": "string"})
    app, described = api.pair()
    scan_app(app, described, [CHECK], level=Level.FULL)
    assert not [one for one in seen if "etc" in str(one)]
