from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.configuration.exposed_files import CHECK
from apiward.scan.proofs.file_kinds import FILES as KINDS
from tests.scan.checks.configuration.places import PAGE, serving
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Case, Pair

ENV = "# ours\nAPP_KEY=base64:abc\nDB_PASSWORD=hunter2\n\nexport DEBUG=1\n"
LOG = "\n".join(f"[2026-11-0{day} 10:00:00] production.ERROR: no such table" for day in range(1, 5))
LISTING = (
    '<html><head><title>Index of /uploads</title></head><body><a href="../">..</a><a href="a.pdf">a</a></body></html>'
)
FILES: dict[str, str | bytes] = {
    "/.git/HEAD": "ref: refs/heads/main\n",
    "/.svn/wc.db": b"SQLite format 3\0....",
    "/.env": ENV,
    "/.env.production": ENV,
    "/.DS_Store": b"\0\0\0\1Bud1\0\0",
    "/dump.sql": "-- MySQL dump 10.13\nCREATE TABLE users (id int);\n",
    "/database.sql": "SET x;\nINSERT INTO users VALUES (1);\n",
    "/db.sqlite3": b"SQLite format 3\0....",
    "/backup.zip": b"PK\x03\x04rest",
    "/backup.tar.gz": b"\x1f\x8b\x08rest",
    "/wp-config.php.bak": "<?php\n// base\ndefine('DB_PASSWORD', 'x');\n",
    "/web.config": "<?xml version='1.0'?><configuration><system.web/></configuration>",
    "/.htpasswd": "anna:$apr1$abc$defghijklmnop\n",
    "/.npmrc": "//registry.example/:_authToken=abc\n",
    "/.aws/credentials": "[default]\naws_access_key_id = ABC\naws_secret_access_key = x\n",
    "/.ssh/id_rsa": "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n",
    "/docker-compose.yml": "version: '3'\nservices:\n  db:\n    image: postgres\n",
    "/appsettings.json": '{"ConnectionStrings": {"main": "Server=db;Password=x"}}',
    "/application.properties": "server.port=80\nspring.datasource.password=x\n",
    "/storage/logs/laravel.log": LOG,
    "/uploads/": LISTING,
}
TRIGGERS: tuple[Case, ...] = tuple(
    (path, partial(serving, {path: FILES[path]})) for path in ("/.env", "/.git/HEAD", "/backup.zip", "/uploads/")
)
SILENT: tuple[Case, ...] = (
    ("nothing there", partial(serving, {})),
    ("one page for all", partial(serving, {}, missing=PAGE)),
    ("the same settings for all", partial(serving, {}, missing=ENV)),
    ("the same listing for all", partial(serving, {}, missing=LISTING)),
    ("the same archive for all", partial(serving, {}, missing=lambda _: "PK\x03\x04")),
    ("a page about the name", partial(serving, {}, missing=lambda path: f"no such page: {path}")),
    ("a page under the names", partial(serving, dict.fromkeys(FILES, PAGE))),
    ("JSON under the names", partial(serving, dict.fromkeys(FILES, '{"error": "not found"}'))),
    ("a page that speaks of it", partial(serving, {"/.env": f"{PAGE}\nA_KEY=1\nB_KEY=2\n", "/dump.sql": PAGE + LOG})),
    ("words", partial(serving, {"/.env": "Hello = world\n", "/.git/HEAD": "main", "/.htpasswd": "anna: yes"})),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK) == {f"GET {name}"}


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


@pytest.mark.parametrize("path", FILES)
def test_each_is_known_by_its_content(path: str) -> None:
    (one,) = (one for one in KINDS if path in one.paths)
    content = FILES[path]
    text = content if isinstance(content, str) else content.decode("latin-1")
    assert one.is_it(text)
    for other in (PAGE, "", "{}", '{"error": "not found"}', f"{PAGE}\n{text}" if "<" not in text else PAGE):
        assert not one.is_it(other)


def test_all_are_told_together_each_with_what_it_is() -> None:
    app, described = serving({"/.env": ENV, "/.git/HEAD": "ref: refs/heads/main"})
    (finding,) = scan_app(app, described, [CHECK]).report.findings
    assert "/.git/HEAD is open to everybody: the history" in finding.saw
    assert "/.env is open" in finding.saw
    assert finding.evidence.control is not None
    assert finding.evidence.control.request.url.startswith("http://api.test/.git/")
    assert "hunter2" not in str(finding.evidence)


def test_it_asks_once_for_the_host_and_for_no_more_than_the_beginning_of_large_files() -> None:
    asked: list[str] = []
    app, described = serving({}, asked=asked)
    described["paths"] |= {f"/thing{number}": described["paths"]["/thing"] for number in range(20)}
    scan_app(app, described, [CHECK])
    probes = [path for path in asked if not path.startswith("/thing")]
    assert len(probes) == len(set(probes)) < 40


def test_a_list_of_files_alone_is_only_likely() -> None:
    def sure(places: dict[str, str | bytes]) -> str:
        app, described = serving(places)
        (finding,) = scan_app(app, described, [CHECK]).report.findings
        return finding.confidence.value

    assert sure({"/uploads/": LISTING}) == "likely"
    assert sure({"/uploads/": LISTING, "/.env": ENV}) == "proved"


def test_without_a_clear_answer_it_is_unsure() -> None:
    assert not looked_at(partial(serving, {}, status=503), CHECK)
