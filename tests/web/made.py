"""A shop with a guard's store, findings and incidents, made by hand; and somebody who looks at its page."""

import asyncio
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from starlette.testclient import TestClient

from apiward.access.people.hashing import PasswordHashes
from apiward.app.guarding.described import keep_described
from apiward.app.guarding.place import Place
from apiward.app.guarding.upkeep import DATABASE
from apiward.app.learners import new_learner
from apiward.app.page.links import links_of
from apiward.app.page.listening import PagePlace
from apiward.app.page.source import PageSource, opened_source
from apiward.app.people.parts import PeopleParts
from apiward.catalogue.incidents import load_incident_words
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
from apiward.core.link import Link
from apiward.core.marks import ROLE
from apiward.core.observation import Observation
from apiward.core.scan_report import ScanReport
from apiward.core.watching import WatchStep
from apiward.demo.server import free_port
from apiward.guard.answers.reading import write
from apiward.prove.formats.json import document
from apiward.prove.model import build_model
from apiward.spec.reading import read_description
from apiward.stores.events.database import bring_up_to_date, open_database, sqlite_url
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from apiward.stores.watching.scans import ScanStore
from apiward.watch.incidents import Incidents
from apiward.web.application import OwnersPage
from apiward.web.serving import serve_page
from tests.app.incidents.made import seen
from tests.prove.sample import CATALOGUE, full_report
from tests.stores.events.made import event

HASHES: Final = PasswordHashes(memory_kib=8, passes=1)
NOW_S: Final = 1_796_040_000.0
PORT: Final = 8181
ORIGIN: Final = f"http://127.0.0.1:{PORT}"
DENIED: Final = Ruling(Decision("shape.body", place="body.note", saw="too long"), is_applied=True)
SEEN: Final = Ruling(Decision("shape.body", place="body.note", saw="too long"), is_applied=False)
_DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as the state of a command keeps it."""

    report: dict[str, Json]


@dataclass
class Scans:
    """What scans have left."""

    kept: list[Scan] = field(default_factory=list)

    def find(self, id_: str) -> tuple[object, dict[str, Json]] | None:
        """Return a finding."""
        for scan in reversed(self.kept):
            found = scan.report["findings"]
            for one in found if isinstance(found, list) else []:
                if isinstance(one, dict) and one["id"] == id_:
                    return scan, one
        return None

    def findings_of(self, target: str) -> list[dict[str, Json]]:
        """Return all findings."""
        found = [one.report["findings"] for one in self.kept if target]
        return [one for some in found if isinstance(some, list) for one in some if isinstance(one, dict)]


@dataclass
class Shop:
    """A source of pages, and what fills it."""

    source: PageSource
    scans: Scans
    now: list[float]

    def scan(self, report: ScanReport, *, days_ago: float = 1.0) -> None:
        """Keep a scan in the store and on this machine."""
        at = datetime.fromtimestamp(self.now[0] - days_ago * _DAY_S, UTC)
        report = replace(report, started_at=at)
        ScanStore(self.source.engine).note(report)
        self.scans.kept.append(Scan(document(build_model(report, CATALOGUE))))

    def store(self, events: Sequence[Event]) -> None:
        """Store events."""
        SqlEvents(self.source.engine, self.source.clock).add([list(row_of(one)) for one in events])

    def incident(self, **more: object) -> str:
        """Keep an incident, and return its id."""
        values = {"first_s": self.now[0] - 900, "facts": (("accounts", "57"), ("touched.account", "57")), **more}
        grouping = Incidents(load_incident_words())
        (one,) = grouping.take([seen(self.now[0] - 600, **values)], self.now[0])  # type: ignore[arg-type]
        self.source.record.commit(WatchStep(incidents=(one,)))
        return one.id


@cache
def _empty_store() -> bytes:
    """Return a store with all tables and no rows, to be copied: to make them takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE
        engine = open_database(sqlite_url(path))
        bring_up_to_date(engine)
        engine.dispose()
        return path.read_bytes()


@contextmanager
def shop(folder: Path) -> Iterator[Shop]:
    """Open an empty shop."""
    now, scans = [NOW_S], Scans()
    place = Place(folder / "apiward.toml", folder, folder / ".apiward")
    place.data.mkdir(mode=0o700, exist_ok=True)
    if not (place.data / DATABASE).exists():
        (place.data / DATABASE).write_bytes(_empty_store())
    with opened_source(place, GuardConfig(), scans, by="owner:ada", clock=lambda: now[0]) as source:
        yield Shop(source, scans, now)


def week(number: int = 40) -> list[Event]:
    """Return the requests of a week: most pass, some are refused, some would be."""
    found = []
    for at in range(number):
        one = event(at, at_s=NOW_S - (at % 7) * _DAY_S - at, principal=f"user:{at % 5}")
        if at % 8 == 3:
            one = one._replace(outcome="refused", status=422, rulings=(DENIED,), operation="POST /notes", method="POST")
        elif at % 8 == 5:
            one = one._replace(rulings=(SEEN,), operation="POST /notes", method="POST")
        elif at % 8 == 6:
            one = one._replace(outcome="failed", status=502)
        found.append(one)
    return found


def linked_report() -> ScanReport:
    """Return a scan in which a role that customers could give themselves opened a page of staff."""
    report = full_report()
    (first,) = [finding.id for finding in report.findings if finding.check == "PRO01"]
    link = Link("role-then-staff", first, "", "GET /clients", "The account was served; a normal one was refused.")
    return replace(report, links=(link,))


def filled(one: Shop) -> str:
    """Fill a shop with something of each kind; return the id of its worst incident."""
    one.scan(full_report(), days_ago=8)
    one.scan(linked_report(), days_ago=1)
    one.store(week())
    one.incident(who="user:17", rule="objects.foreign", severity=Severity.MEDIUM, facts=())
    return one.incident(where="POST /login", touched=("account:a", "account:b"))


SHOP: Final = b"""
openapi: 3.1.0
info: {title: Cup shop, version: "2.1"}
servers: [{url: "https://api.cups.example"}]
components:
  securitySchemes: {log: {type: http, scheme: bearer}}
  schemas:
    Client: {type: object, properties: {id: {type: integer}, email: {type: string}, phone: {type: string}}}
paths:
  /v1/clients/{id}:
    get: &client
      deprecated: true
      security: [{log: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Client"}}}}
  /v2/clients/{id}:
    get: {<<: *client, deprecated: false}
  /v2/admin/exports:
    get: {security: [{log: []}], responses: {"200": {description: all}}}
  /v2/products:
    get: {security: [], responses: {"200": {description: all}}}
"""


def with_inventory(one: Shop) -> None:
    """Keep a description, traffic of some roles, and what was learned of it. Somebody not logged in sees a client."""
    keep_described(one.source.place.data, read_description(SHOP, source="openapi.yaml"))
    calls = (
        ("GET /v2/clients/{id}", "user:1", "customer"), ("GET /v2/clients/{id}", "", ""),
        ("GET /v2/admin/exports", "user:2", "admin"), ("GET /v2/products", "", ""), ("GET /v2/health", "key:3", ""),
    )  # fmt: skip
    events = [
        event(900 + at, at_s=NOW_S - 60, operation=operation, principal=who, marks=((ROLE, role),) if role else ())
        for at, (operation, who, role) in enumerate(calls)
    ]
    one.store(events)
    learner = new_learner(bytes(32))
    for at in range(12):
        answer: Json = {"id": at, "email": f"anna{at}@example.com"}
        path = f"/v2/clients/{at + 100}"
        learner.learn(Observation(NOW_S, "GET", path, f"user:{at}", 200, answer_type="application/json", answer=answer))
    folder = one.source.place.data / "learned"
    folder.mkdir()
    (one.source.place.data / "pepper").write_bytes(bytes(32))
    (folder / "whole.json").write_bytes(write(learner.state()))


def people_of(one: Shop) -> PeopleParts:
    """Return what lets people into the page of a shop; passwords are hashed fast, as nobody attacks these."""
    return PeopleParts(one.source.engine, one.source.place.data, one.source.clock, HASHES)


@contextmanager
def served(one: Shop, name: str = "", tls: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Serve the page of a shop on a free port; with a certificate and its key for others, too, by that name."""
    port, ready = free_port(), threading.Event()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    place = PagePlace("127.0.0.1", port)
    if tls is not None:
        place = PagePlace("127.0.0.1", port, (f"{name}:{port}",), *tls)
    app = OwnersPage(one.source, place, people_of(one)).application()
    serving = serve_page(app, place, ready=ready.set, stop=stop)
    thread = threading.Thread(target=loop.run_until_complete, args=(serving,))
    thread.start()
    try:
        assert ready.wait(30)
        yield place.public
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()


class Browser:
    """Somebody at the page, with or without a session."""

    def __init__(
        self,
        one: Shop,
        *,
        is_in: bool = True,
        place: PagePlace = PagePlace("127.0.0.1", PORT),  # noqa: B008 - frozen
        origin: str = ORIGIN,
        client: str = "127.0.0.1",
    ) -> None:
        self.shop = one
        self.origin = origin
        self.http = TestClient(
            OwnersPage(one.source, place, people_of(one)).application(),
            base_url=origin,
            client=(client, 50_000),
            follow_redirects=False,
            headers={"accept": "text/html"},
        )
        if is_in:
            ticket = links_of(one.source.place.data, one.source.clock).make()
            assert self.http.get(f"/open/{ticket}").status_code == 200

    def page(self, path: str, *, status: int = 200) -> str:
        """Return a page."""
        answer = self.http.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def json(self, path: str) -> Any:  # noqa: ANN401 - a JSON value
        """Return the twin of a page."""
        answer = self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["page"]

    def token(self) -> str:
        """Return the token that forms carry."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.page("/today"))
        assert found is not None
        return found[1]

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form as a browser would; return status and where it leads, or the page that tells why not."""
        headers = {"origin": self.origin, "sec-fetch-site": "same-origin"}
        answer = self.http.post(path, data={"token": self.token(), **fields}, headers=headers)
        return answer.status_code, answer.headers.get("location", answer.text)
