"""The catalogue loads whole, and a slip in its data is named with file, entry and key."""

import re
from contextlib import suppress
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.catalogue.loading import (
    FAMILIES,
    CatalogueError,
    join_checks,
    load_catalogue,
    read_checks,
    read_limits,
    read_risks,
)
from apiward.core.finding import Severity

LIMIT = 'what = "W."\ncost = "C."\nremedy = "R."\n'
CHECK = """\
name = "a-b"
title = "T"
severity = "high"
risks = ["injection"]
owasp_2019 = ["API8:2019"]
owasp_2023 = []
cwe = [89]
meaning = "M."
fix = "F."
ask = "A."
effort_h = [0.5, 2]
proves = "P."
cannot = "C."
patch = "value"
held_by = "H."
references = ["CWE-89"]
"""
EXPECTED = {
    "objects": "object-read object-change object-change-body object-delete object-anonymous object-nested"
    " object-batch object-list-filter object-existence",
    "functions": "function-anonymous function-role"
    " method-override path-spelling trusted-headers unlisted-method old-version-open",
    "properties": "mass-assignment-create mass-assignment-update secrets-in-answers personal-data-exposed",
    "authentication": "authentication-missing jwt-none jwt-unverified jwt-weak-key jwt-confusion jwt-expiry"
    " login-throttle login-enumeration signup-enumeration reset-enumeration weak-password logout-ignored "
    "password-change-ignored second-factor-missing password-change-open email-change-open jwt-own-key"
    " refresh-reuse session-fixation session-predictable cross-site-request"
    " reset-token-shown password-cut token-in-address code-throttle",
    "injection": "sql-injection command-injection template-injection path-traversal nosql-injection markup-injection"
    " header-injection xml-entities lookup-injection object-injection",
    "forgery": "request-forgery",
    "resources": "input-slowness page-size body-size json-depth body-unpacking",
    "flows": "flow-repeated flow-race flow-amounts flow-skipped flow-prices",
    "third_parties": "events-unsigned keys-shown",
    "configuration": "technology-disclosure error-details security-headers cors-trust unneeded-methods"
    " exposed-files debug-pages private-answers-cached open-redirect host-trust data-as-page weak-encryption"
    " session-cookies docs-open",
    "inventory": "hidden-route old-version answer-drift",
    "graphql": "introspection suggestions depth aliases batches get-mutations",
    "components": "component-outdated",
}
PREFIXES = ("OBJ", "FUN", "PRO", "AUT", "INJ", "SSR", "RES", "FLO", "UPS", "CFG", "INV", "GQL", "CMP")


def test_every_family_has_its_checks_in_order() -> None:
    checks = load_catalogue().checks.values()
    for family, prefix in zip(FAMILIES, PREFIXES, strict=True):
        names = EXPECTED[family].split()
        codes = [f"{prefix}{number:02}" for number in range(1, len(names) + 1)]
        assert [(c.code, c.name) for c in checks if c.family == family] == list(zip(codes, names, strict=True))


def test_the_founding_list_is_whole() -> None:
    assert list(load_catalogue().risks) == [
        "security-misconfiguration",
        "broken-object-level-authorisation",
        "injection",
        "mass-assignment",
        "security-logging-and-monitoring",
        "broken-authentication-and-session-management",
        "identification-and-authentication-failures",
        "excessive-data-exposure",
        "components-with-known-vulnerabilities",
        "insufficient-logging",
    ]


def test_every_file_of_checks_is_listed() -> None:
    files = resources.files("apiward.catalogue").joinpath("checks").iterdir()
    assert {file.name for file in files if file.name.endswith(".toml")} == {f"{family}.toml" for family in FAMILIES}


def test_only_forged_log_ins_and_injection_are_critical() -> None:
    critical = {c.code for c in load_catalogue().checks.values() if c.severity is Severity.CRITICAL}
    assert critical == {
        "AUT02",
        "AUT03",
        "AUT04",
        "AUT05",
        "INJ01",
        "INJ02",
        "INJ03",
        "INJ04",
        "INJ05",
        "INJ08",
        "INJ10",
        "AUT17",
        "AUT22",
    }


def test_the_catalogue_is_read_once_and_read_only() -> None:
    catalogue = load_catalogue()
    assert catalogue is load_catalogue()
    for mapping in (catalogue.risks, catalogue.checks, catalogue.limits, catalogue.stories):
        assert not hasattr(mapping, "__setitem__")


def test_a_sound_check_is_read() -> None:
    entry = read_checks(f"[INJ01]\n{CHECK}", family="injection", file="f")["INJ01"]
    assert (entry.code, entry.family, entry.severity) == ("INJ01", "injection", Severity.HIGH)
    assert (entry.cwe, entry.effort_h, entry.owasp_2023) == ((89,), (0.5, 2.0), ())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", '""'),
        ("title", "7"),
        ("severity", '"awful"'),
        ("severity", "3"),
        ("risks", '"injection"'),
        ("risks", "[7]"),
        ("risks", '[""]'),
        ("cwe", '["89"]'),
        ("cwe", "[true]"),
        ("cwe", "[0]"),
        ("cwe", "[8.9]"),
        ("effort_h", "[1]"),
        ("effort_h", "[1, true]"),
        ("effort_h", "3"),
    ],
)
def test_a_wrong_type_is_named(key: str, value: str) -> None:
    text = re.sub(f"(?m)^{key} = .*$", f"{key} = {value}", CHECK)
    with pytest.raises(CatalogueError, match=rf"^f\.toml, entry INJ01, key {key}: must be ") as caught:
        read_checks(f"[INJ01]\n{text}", family="injection", file="f.toml")
    assert (caught.value.file, caught.value.entry, caught.value.key) == ("f.toml", "INJ01", key)


@pytest.mark.parametrize("key", [line.split(" = ")[0] for line in CHECK.splitlines()])
def test_a_missing_key_is_named(key: str) -> None:
    text = re.sub(f"(?m)^{key} = .*\n", "", CHECK)
    with pytest.raises(CatalogueError, match=rf"^f\.toml, entry INJ01, key {key}: missing$"):
        read_checks(f"[INJ01]\n{text}", family="injection", file="f.toml")


def test_an_unknown_key_is_named_with_the_known_ones() -> None:
    with pytest.raises(CatalogueError, match=r"^f\.toml, entry x, key whatt: unknown; known are what, cost, remedy$"):
        read_limits(f'[x]\n{LIMIT}whatt = "W."', file="f.toml")


def test_a_key_outside_of_an_entry_is_named() -> None:
    with pytest.raises(CatalogueError, match=r"^f\.toml, key what: stands outside of an entry$"):
        read_limits(LIMIT, file="f.toml")


def test_an_entry_that_stands_twice_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"^f\.toml: no TOML"):
        read_limits(f"[x]\n{LIMIT}[x]\n{LIMIT}", file="f.toml")


def test_a_code_in_two_families_is_refused() -> None:
    one = read_checks(f"[INJ01]\n{CHECK}", family="injection", file="f")
    two = read_checks(f"[INJ01]\n{CHECK}", family="objects", file="f")
    with pytest.raises(CatalogueError, match=r"^checks/objects\.toml, entry INJ01: injection has it as well$"):
        join_checks([one, two])


@given(st.text())
def test_any_text_gives_entries_or_a_catalogue_error(text: str) -> None:
    with suppress(CatalogueError):
        assert not read_risks(text, file="f.toml")
