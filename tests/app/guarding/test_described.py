from pathlib import Path

from apiward.app.guarding.described import FILE, described, keep_beside, keep_described, read_described
from apiward.guard.permission.rules import PermitSettings, RuleSettings
from apiward.guard.permission.table import Permissions
from apiward.spec.reading import read_description

SPEC = b"""
openapi: 3.1.0
info: {title: Calm Coaching, version: "2"}
servers: [{url: "https://api.coach.example/v2"}]
components:
  securitySchemes: {log: {type: http, scheme: bearer}}
paths:
  /clients:
    get:
      tags: [people]
      security: [{log: [clients.read]}]
      responses:
        "200":
          description: all
          content:
            application/json:
              schema:
                type: array
                items:
                  type: object
                  properties:
                    id: {type: integer}
                    email: {type: string}
                    contact: {type: object, properties: {phone: {type: string}}}
    post:
      deprecated: true
      requestBody: {content: {application/json: {schema: {type: object, properties: {iban: {type: string}}}}}}
      responses: {"201": {description: made}}
  /admin/clients:
    get: {responses: {"200": {description: all}}}
"""


def test_what_an_inventory_needs_is_kept_and_read_back(tmp_path: Path) -> None:
    api = read_description(SPEC, source="file")
    keep_described(tmp_path, api)
    known = read_described(tmp_path)
    assert known == described(api)
    assert (known.title, known.version, known.servers) == ("Calm Coaching", "2", ("https://api.coach.example/v2",))
    read, write, staff = known.operations
    assert read.holds == (("answer[].email", "email"), ("answer[].contact.phone", "phone"))
    assert (write.holds, write.is_deprecated, write.security) == ((("body.iban", "iban"),), True, None)
    assert [one.is_for_staff for one in (read, write, staff)] == [False, False, True]


def test_the_guards_rules_say_the_same_of_what_was_kept(tmp_path: Path) -> None:
    api = read_description(SPEC, source="file")
    keep_described(tmp_path, api)
    known = read_described(tmp_path)
    assert known is not None
    rule = RuleSettings(name="staff", operations=("tag:people",), roles=("clerk",))
    settings = PermitSettings(rules=(rule,))
    assert Permissions(settings, known.api()).plans == Permissions(settings, api).plans


def test_what_cannot_be_read_is_nothing_and_is_written_anew(tmp_path: Path) -> None:
    assert read_described(tmp_path) is None
    (tmp_path / FILE).write_text('{"title": 3')
    assert read_described(tmp_path) is None
    keep_described(tmp_path, read_description(SPEC, source="file"))
    before = (tmp_path / FILE).stat().st_mtime_ns
    keep_described(tmp_path, read_description(SPEC, source="file"))
    assert (tmp_path / FILE).stat().st_mtime_ns == before


def test_it_is_written_beside_and_nothing_fails_where_it_cannot_be(tmp_path: Path) -> None:
    api = read_description(SPEC, source="file")
    keep_beside(tmp_path, api).join(30)
    assert read_described(tmp_path) == described(api)
    keep_beside(tmp_path / "none", api).join(30)
