"""Walks the tree: every check is registered, worded and tested both ways; files and functions stay small."""

import ast
import importlib
import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Final

import pytest

import apiward
from apiward.catalogue.detections import load_detections
from apiward.catalogue.loading import load_catalogue
from apiward.scan import registry
from apiward.scan.api import Check
from apiward.watch.registry import DETECTIONS
from tests.conftest import UNTRACED
from tests.watch.seeing import told

ROOT: Final = Path(__file__).parent.parent
SOURCE: Final = ROOT / "src" / "apiward"
TESTS: Final = ROOT / "tests"
CHECKS: Final = SOURCE / "scan" / "checks"
DETECTORS: Final = SOURCE / "watch" / "detections"

MAX_LINES: Final = 500
MOST_LINES: Final = 350
MEDIAN_LINES: Final = 120
MEDIAN_FUNCTION: Final = 10
NO_NAMES: Final = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}

TESTED_ELSEWHERE: Final = {
    "__init__": "names the version",
    "__main__": "one line; the command line's own tests start it",
    "app/patching/cases": "shapes without behaviour",
    "catalogue/entries": "shapes without behaviour",
    "classify/kinds": "names without behaviour",
    "config/names": "names",
    "core/detection": "a shape without behaviour",
    "core/event": "a shape without behaviour",
    "core/incident": "shapes without behaviour",
    "core/kept_finding": "shapes without behaviour",
    "core/kept_scan": "shapes without behaviour",
    "core/marks": "names",
    "core/outgoing": "shapes and errors without behaviour",
    "watch/formats/words": "a shape without behaviour",
    "core/notice": "shapes and a protocol without behaviour",
    "core/ports": "protocols without behaviour",
    "core/tls": "shapes without behaviour",
    "core/watching": "shapes without behaviour",
    "core/scan_report": "shapes; its one method is tested with the engine",
    "guard/stage": "names and protocols without behaviour",
    "guard/wire/unfit": "one error without behaviour",
    "inspection/model": "shapes without behaviour",
    "scan/events": "shapes without behaviour",
    "watch/logs/model": "shapes without behaviour",
    "watch/sigma/errors": "one error without behaviour",
    "spec/errors": "one error without behaviour",
    "spec/limits": "constants",
    "watch/detector": "a form and protocols without behaviour",
    "watch/settings": "settings without behaviour",
    "watch/sight": "a shape without behaviour",
}
"""Source files that need no test file of their own, each with its reason."""

TESTED_THROUGH: Final = {
    "scan/proofs/open_places": "scan/checks/configuration/test_exposed_files.py",
    "scan/proofs/file_kinds": "scan/checks/configuration/test_exposed_files.py",
    "scan/proofs/console_kinds": "scan/checks/configuration/test_debug_pages.py",
    "scan/proofs/outside_calls": "scan/checks/forgery/test_request_forgery.py",
    "scan/proofs/disguises": "scan/checks/resources/test_uploads.py",
    "scan/proofs/served_files": "scan/checks/resources/test_uploads.py",
    "app/guarding/owners_own": "cli/test_block.py",
    "app/people/desk": "cli/test_people.py",
    "app/planning": "cli/test_plan_desk.py",
    "app/people/own": "web/test_entering.py",
    "app/people/parts": "app/people/test_door.py",
    "app/people/shown": "web/test_entering.py",
    "cli/people_desk": "cli/test_people.py",
    "stores/people/sessions": "stores/people/test_store.py",
    "web/guarding": "web/test_entering.py",
    "web/own_pages": "web/test_entering.py",
    "web/visiting": "web/test_entering.py",
    "app/page/evidence": "web/test_application.py",
    "app/page/handing_out": "app/page/test_reports.py",
    "app/page/incidents": "web/test_application.py",
    "app/page/risks": "web/test_application.py",
    "app/page/showing": "web/test_application.py",
    "cli/open_page": "cli/test_up.py",
    "cli/opening": "cli/test_up.py",
    "cli/starting_up": "cli/test_up.py",
    "cli/tour_page": "cli/test_try.py",
    "web/acting": "web/test_application.py",
    "web/answering": "web/test_application.py",
    "web/gatekeeping": "web/test_application.py",
    "web/headers": "web/test_application.py",
    "web/pages": "web/test_application.py",
    "web/tables": "web/test_files.py",
    "web/rendering": "web/test_application.py",
    "access/ownership/book": "access/ownership/test_learned.py",
    "access/ownership/callers": "access/ownership/test_rights.py",
    "access/ownership/covering": "access/ownership/test_rights.py",
    "access/ownership/declarations": "access/ownership/test_rights.py",
    "access/ownership/declared": "access/ownership/test_rights.py",
    "access/ownership/learning": "access/ownership/test_learned.py",
    "access/ownership/marks": "access/ownership/test_written_book.py",
    "access/ownership/memory": "access/ownership/test_learned.py",
    "access/ownership/naming_fields": "access/ownership/test_learned.py",
    "access/ownership/people": "access/ownership/test_learned.py",
    "access/ownership/reach": "access/ownership/test_learned.py",
    "access/ownership/seeding": "app/guarding/test_seeding.py",
    "access/ownership/settings": "access/ownership/test_rights.py",
    "access/ownership/sharing": "access/ownership/test_rights.py",
    "app/guarding/upkeep": "app/guarding/test_sinks.py",
    "app/breach/desk": "cli/test_breach.py",
    "app/breach/freezing": "cli/test_breach.py",
    "app/breach/records": "cli/test_breach.py",
    "watch/evidence/manifest": "watch/evidence/test_bundle.py",
    "app/forwarding/lines": "app/forwarding/test_records.py",
    "app/guarding/figures": "app/guarding/test_sinks.py",
    "net/forwarding/answers": "net/forwarding/test_posting.py",
    "config/tables": "config/test_watching.py",
    "net/signed_posts": "net/senders/test_webhook.py",
    "app/rules/files": "cli/test_rules.py",
    "app/rules/trying": "cli/test_rules.py",
    "app/doctoring/model": "app/doctoring/test_examining.py",
    "prove/gathered": "app/standing/test_gathering.py",
    "prove/pages": "prove/reports/test_html.py",
    "app/recording/audit": "cli/test_audit_log.py",
    "app/recording/checking": "cli/test_audit_log.py",
    "app/recording/exporting": "cli/test_events.py",
    "app/recording/findings": "cli/test_noting.py",
    "app/recording/moving": "cli/test_store.py",
    "app/recording/proving": "cli/test_audit_log.py",
    "guard/origins/identities": "guard/stages/test_origin.py",
    "guard/wire/bodies": "guard/stages/test_protocol_bodies.py",
    "guard/wire/escapes": "guard/stages/test_protocol.py",
    "guard/wire/framing": "guard/stages/test_protocol.py",
    "guard/wire/headers": "guard/stages/test_protocol.py",
    "guard/wire/heads": "guard/stages/test_protocol.py",
    "guard/wire/hosts": "guard/stages/test_protocol.py",
    "guard/wire/names": "guard/stages/test_protocol_bodies.py",
    "guard/wire/repeats": "guard/stages/test_protocol_bodies.py",
    "guard/wire/settings": "guard/stages/test_protocol.py",
    "guard/wire/texts": "guard/stages/test_protocol_bodies.py",
    "inspection/attacks/code": "inspection/test_cases.py",
    "inspection/attacks/encoding": "inspection/test_cases.py",
    "inspection/attacks/header": "inspection/test_cases.py",
    "inspection/attacks/include": "inspection/test_cases.py",
    "inspection/attacks/ldap": "inspection/test_cases.py",
    "inspection/attacks/lookup": "inspection/test_cases.py",
    "inspection/attacks/nosql": "inspection/test_cases.py",
    "inspection/attacks/path": "inspection/test_cases.py",
    "inspection/attacks/prototype": "inspection/test_cases.py",
    "inspection/attacks/script": "inspection/test_cases.py",
    "inspection/attacks/serialized": "inspection/test_cases.py",
    "inspection/attacks/sql": "inspection/test_cases.py",
    "inspection/attacks/template": "inspection/test_cases.py",
    "inspection/attacks/xml": "inspection/test_cases.py",
    "inspection/attacks/xpath": "inspection/test_cases.py",
    "inspection/markup/names": "inspection/markup/test_tags.py",
    "inspection/shell/commands": "inspection/attacks/test_shell.py",
    "inspection/shell/signs": "inspection/attacks/test_shell.py",
    "inspection/signs": "inspection/test_detectors.py",
    "inspection/sql/signs": "inspection/sql/test_shapes.py",
    "inspection/sql/statements": "inspection/sql/test_shapes.py",
    "watch/gathering": "watch/test_incidents.py",
    "watch/timelines": "watch/test_incidents.py",
    "watch/logs/formats/alb": "watch/logs/test_registry.py",
    "watch/logs/formats/api_gateway": "watch/logs/test_registry.py",
    "watch/logs/formats/caddy": "watch/logs/test_registry.py",
    "watch/logs/formats/cloudflare": "watch/logs/test_registry.py",
    "watch/logs/formats/combined": "watch/logs/test_registry.py",
    "watch/logs/formats/gcp": "watch/logs/test_registry.py",
    "watch/logs/formats/json_lines": "watch/logs/test_registry.py",
    "watch/logs/formats/ocsf": "watch/logs/test_registry.py",
    "watch/logs/formats/traefik": "watch/logs/test_registry.py",
    "watch/logs/formats/vercel": "watch/logs/test_registry.py",
    "watch/logs/templates/apache": "watch/logs/test_registry.py",
    "watch/logs/templates/haproxy": "watch/logs/test_registry.py",
    "watch/logs/templates/nginx": "watch/logs/test_registry.py",
    "watch/logs/templates/slots": "watch/logs/test_registry.py",
    "stores/record/reading": "cli/test_audit_log.py",
    "stores/record/rolling": "stores/events/test_recording.py",
    "stores/record/schema": "stores/events/test_schema.py",
    "stores/record/telling": "app/guarding/test_telling.py",
    "stores/record/watch_tables": "stores/events/test_schema.py",
    "stores/record/people_tables": "stores/events/test_schema.py",
    "stores/events/inserting": "stores/events/test_storing.py",
    "stores/watching/detection_rows": "stores/watching/test_store.py",
    "stores/watching/incident_rows": "stores/watching/test_store.py",
    "stores/watching/reaching": "stores/watching/test_store.py",
    "stores/watching/texts": "stores/watching/test_store.py",
    "stores/watching/upserting": "stores/watching/test_store.py",
    "watch/sigma/correlating": "watch/sigma/test_reading.py",
    "watch/sigma/fields": "watch/sigma/test_reading.py",
    "watch/sigma/model": "watch/sigma/test_reading.py",
    "watch/sigma/selections": "watch/sigma/test_reading.py",
    "watch/sigma/tracking": "watch/sigma/test_rules.py",
    "watch/sigma/values": "watch/sigma/test_reading.py",
    "watch/sigma/windows": "watch/sigma/test_rules.py",
    "inspection/sql/words": "inspection/sql/test_shapes.py",
    "scan/filling": "scan/test_preparation.py",
    "scan/ownership/private_texts": "scan/checks/objects/test_accounts_of_people.py",
    "scan/ownership/records": "scan/test_given_accounts.py",
    "scan/proofs/restoring": "scan/test_given_accounts.py",
    "scan/proofs/bypassing": "scan/checks/functions/test_path_spelling.py",
    "scan/proofs/bulk": "scan/checks/resources/test_body_size.py",
    "scan/proofs/changing": "scan/checks/objects/test_change.py",
    "scan/proofs/drift": "scan/checks/inventory/test_answer_drift.py",
    "scan/proofs/exposure": "scan/checks/properties/test_personal.py",
    "scan/proofs/foreign": "scan/checks/objects/test_change.py",
    "scan/proofs/granting": "scan/checks/properties/test_assignment_create.py",
    "scan/proofs/events": "scan/checks/third_parties/test_unsigned_events.py",
    "scan/proofs/money": "scan/checks/flows/test_amounts.py",
    "scan/proofs/once": "scan/checks/flows/test_repeated.py",
    "scan/proofs/ordering": "scan/checks/flows/test_amounts.py",
    "scan/proofs/looked_at": "scan/checks/configuration/test_security_headers.py",
    "scan/proofs/neighbours": "scan/checks/inventory/test_hidden_route.py",
    "scan/proofs/openings": "scan/checks/injection/test_sql.py",
    "scan/proofs/computed": "scan/checks/injection/test_template.py",
    "scan/proofs/echoes": "scan/checks/injection/test_template.py",
    "scan/proofs/file_probes": "scan/checks/injection/test_file.py",
    "scan/proofs/lookup_probes": "scan/checks/injection/test_lookup.py",
    "scan/proofs/object_probes": "scan/checks/injection/test_kept_object.py",
    "scan/proofs/operator_log_in": "scan/checks/injection/test_nosql.py",
    "scan/proofs/operators": "scan/checks/injection/test_nosql.py",
    "scan/proofs/pages": "scan/checks/injection/test_markup.py",
    "scan/proofs/shell_probes": "scan/checks/injection/test_command.py",
    "scan/proofs/xml_probes": "scan/checks/injection/test_xml.py",
    "scan/proofs/templates": "scan/checks/injection/test_template.py",
    "scan/proofs/passwords": "scan/checks/objects/test_change.py",
    "scan/registry": "test_tree.py",
    "watch/registry": "test_tree.py",
    "scan/scene": "scan/test_preparation.py",
    "scan/proofs/slow_texts": "scan/checks/resources/test_input_slowness.py",
    "scan/proofs/sql_log_in": "scan/checks/injection/test_sql.py",
    "scan/proofs/sql_trial": "scan/checks/injection/test_sql.py",
    "scan/proofs/staffing": "scan/checks/functions/test_role.py",
}
"""Parts that make sense only inside a whole scan, a stage or a detector, with the tests that run them there."""

FOLDERS_TESTED_TOGETHER: Final = {
    "catalogue": "its files are parts of loading; test_loading, test_lint, test_forms",
    "classify": "parts of masking and of classifying; test_masking, test_fields, test_values",
    "cli": "run as commands; tests/cli",
    "demo": "a business with weak and sound twins: tests/demo attacks every one of them",
    "net": "parts of one sender; test_sender, test_sockets, test_hostile",
    "prove": "parts of reports; tests/prove compares whole reports",
    "scan/proofs/trials": "tools of the token checks, tested with them",
    "spec": "parts of one reader; tests/spec reads whole documents",
}
"""Folders whose tests follow what the parts do together, each with its reason. New folders do not come here."""


# `(?:…)*+` matches wrongly in Python before 3.11.5 (gh-106052), and Debian 12 has 3.11.2: `(?>(?:…)*)` is the same
POSSESSIVE: Final = re.compile(r"(?<![\\(])\)(?:[*+?]|\{\d+(?:,\d*)?\})\+")


@cache
def _sources() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").as_posix()


def _check_files() -> list[Path]:
    return [p for p in sorted(CHECKS.rglob("*.py")) if p.stem != "__init__"]


def _loaded(path: Path) -> ModuleType:
    dotted = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
    return importlib.import_module(dotted)


def _test_module(path: Path) -> ModuleType:
    """Load the test file of a check as pytest does, by its path."""
    mirrored = TESTS / path.relative_to(SOURCE).with_name(f"test_{path.name}")
    assert mirrored.exists(), f"{mirrored.relative_to(ROOT)} is missing"
    return importlib.import_module(".".join(mirrored.relative_to(ROOT).with_suffix("").parts))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@dataclass(frozen=True)
class _Facts:
    """What is asked of a source file: kept instead of its tree, which is far larger."""

    lines_of_functions: tuple[int, ...]
    possessive: tuple[str, ...]
    unexplained: tuple[str, ...]


@cache
def _facts(path: Path) -> _Facts:
    tree = _tree(path)
    nodes = list(ast.walk(tree))
    texts = (_text(node.value) for node in nodes if isinstance(node, ast.Constant))
    return _Facts(
        tuple(_own_lines(node) for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)),
        tuple(text[:60] for text in texts if POSSESSIVE.search(text)),
        tuple(_unexplained(tree)),
    )


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else ""


def _own_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body without its docstring."""
    has_docstring = ast.get_docstring(node, clean=False) is not None
    body = node.body[1:] if has_docstring and len(node.body) > 1 else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def _unexplained(tree: ast.Module) -> list[str]:
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    bare = [node.name for node in found if not node.name.startswith("_") and not ast.get_docstring(node, clean=False)]
    return ([] if ast.get_docstring(tree, clean=False) else ["the module"]) + bare


@pytest.mark.parametrize("path", _check_files(), ids=_name)
def test_a_check_is_registered_worded_and_tested_both_ways(path: Path) -> None:
    module = _loaded(path)
    assert isinstance(module.CHECK, Check)
    assert module.CHECK.code == module.CODE
    assert module.CODE in load_catalogue().checks
    assert module.CHECK in registry.CHECKS
    said = module.__doc__ or ""
    assert module.CODE in said
    assert "Proves" in said, "a check says what it proves"
    assert "Cannot" in said, "a check says what it cannot"
    cases = _test_module(path)
    assert cases.TRIGGERS
    assert cases.SILENT


def test_the_registry_lists_every_check_once_and_nothing_else() -> None:
    codes = [check.code for check in registry.CHECKS]
    assert len(codes) == len(set(codes))
    assert sorted(codes) == sorted(_loaded(path).CODE for path in _check_files())


def test_every_check_of_the_catalogue_exists() -> None:
    assert set(load_catalogue().checks) == {check.code for check in registry.CHECKS}


def _detector_files() -> list[Path]:
    return [p for p in sorted(DETECTORS.rglob("*.py")) if p.stem != "__init__"]


@pytest.mark.parametrize("path", _detector_files(), ids=_name)
def test_a_detection_is_registered_worded_and_tested_both_ways(path: Path) -> None:
    rule = f"{path.parent.name}.{path.stem.replace('_', '-')}"
    detector = next((one for one in DETECTIONS if one.rule == rule), None)
    assert detector is not None, f"{rule} is not in the registry"
    said = _loaded(path).__doc__ or ""
    assert said.startswith(f"{rule}: ")
    assert "Proves" in said, "a detection says what it proves"
    assert "Cannot" in said, "a detection says what it cannot"
    cases = _test_module(path)
    assert cases.SILENT
    entry = load_detections()[rule]
    see = getattr(cases, "TOLD", told)
    for name, events in cases.TRIGGERS.items():
        found = [one for one in see(detector, events) if one.rule == rule]
        assert found, f"{name} does not trigger it"
        assert "?" not in entry.told(dict(found[0].facts)), f"{name}: a fact is missing"
        assert {fact for fact, _ in found[0].facts} & entry.places or not entry.places


def test_the_registry_lists_every_detection_once_and_nothing_else() -> None:
    rules = [one.rule for one in DETECTIONS]
    assert len(rules) == len(set(rules)) == len(_detector_files())
    assert set(rules) == set(load_detections())


def test_each_source_file_has_a_test_file() -> None:
    # one test for all: a thousand small ones take longer to hand out than to run
    assert [name for path in _sources() if not _is_tested(path, name := _name(path))] == []


def _is_tested(path: Path, name: str) -> bool:
    return (
        path.stem == "__init__"
        or name in TESTED_ELSEWHERE
        or name in TESTED_THROUGH
        or any(name.startswith(f"{folder}/") for folder in FOLDERS_TESTED_TOGETHER)
        or (TESTS / path.relative_to(SOURCE).with_name(f"test_{path.name}")).exists()
    )


def test_exceptions_are_needed_and_have_tests() -> None:
    for name in TESTED_ELSEWHERE:
        path = (SOURCE / name).with_suffix(".py")
        assert path.exists(), f"{name} is an exception for nothing"
        assert not (TESTS / name).with_name(f"test_{path.name}").exists(), f"{name} is no exception any more"
    for name, through in TESTED_THROUGH.items():
        path = (SOURCE / name).with_suffix(".py")
        assert path.exists(), f"{name} is an exception for nothing"
        assert not (TESTS / name).with_name(f"test_{path.name}").exists(), f"{name} is no exception any more"
        assert (TESTS / through).exists(), f"{through} is said to test {name}"
    for folder in FOLDERS_TESTED_TOGETHER:
        assert (SOURCE / folder).is_dir()
        assert list((TESTS / folder).rglob("test_*.py")), f"tests/{folder} holds no test"


def test_files_are_small() -> None:
    lengths = {_name(path): len(path.read_text().splitlines()) for path in _sources() if path.stem != "__init__"}
    long = {name: count for name, count in lengths.items() if count > MAX_LINES}
    assert not long
    assert sorted(lengths.values())[len(lengths) * 9 // 10] <= MOST_LINES
    assert median(lengths.values()) <= MEDIAN_LINES


def test_functions_are_small() -> None:
    assert median(lines for path in _sources() for lines in _facts(path).lines_of_functions) <= MEDIAN_FUNCTION


def test_no_file_is_named_after_nothing() -> None:
    bad = [_name(p) for p in _sources() if NO_NAMES & {*p.stem.split("_"), p.parent.name}]
    assert not bad


def test_public_names_are_explained() -> None:
    assert [f"{_name(path)}: {name}" for path in _sources() for name in _facts(path).unexplained] == []


def test_no_pattern_repeats_a_group_possessively() -> None:
    assert [f"{_name(path)}: {text}" for path in _sources() for text in _facts(path).possessive] == []
    assert POSSESSIVE.search("(?:ab)*+")
    assert not POSSESSIVE.search("a*+(?>(?:ab)*)")


def test_the_package_exports_its_version_alone() -> None:
    assert apiward.__all__ == ["__version__"]
    assert apiward.__version__


def test_every_limit_of_the_catalogue_can_be_met() -> None:
    texts = "".join(path.read_text() for path in _sources() if "catalogue" not in path.parts)
    assert [name for name in load_catalogue().limits if f'"{name}"' not in texts] == []


def test_what_is_not_traced_is_there() -> None:
    assert [name for name in UNTRACED if not (ROOT / name).exists()] == []
