import json
from pathlib import Path

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run


def test_a_guard_that_can_be_built(run: Run) -> None:
    spec = {"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": {"/a": {"get": {}}}}
    Path("spec.json").write_text(json.dumps(spec))
    Path("apiward.toml").write_text('[guard]\nupstream = "http://localhost:8000"\ndescription = "spec.json"\n')
    result = run("config", "check")
    assert result.exit_code == ExitCode.HOLDS, result.stderr
    assert "the guard stands before http://localhost:8000" in result.stdout
    assert not Path(".apiward").exists()


def test_everything_that_is_wrong_is_told_at_once(run: Run) -> None:
    Path("apiward.toml").write_text("""
[scan]
url = "ftp://x"
only = ["OBJ99"]
[guard]
description = "none.json"
[guard.origin]
blocked = ["here"]
[guard.flood]
exempt = ["there"]
""")
    result = run("config", "check")
    assert result.exit_code == ExitCode.USAGE
    for part in ("ftp://x", "OBJ99", "guard.description: ", "none.json", "guard.origin.blocked", "guard.flood.exempt"):
        assert part in result.stderr, part


def test_slips_of_both_tables(run: Run) -> None:
    Path("apiward.toml").write_text("[scan]\nurll = 1\n[guard]\nupstrem = 1\n[gard]\n")
    said = run("config", "check").stderr
    assert 'scan.urll: unknown key. Did you mean "url"?' in said
    assert 'guard.upstrem: unknown key. Did you mean "upstream"?' in said
    assert 'gard: unknown key. Did you mean "guard"?' in said


def test_a_file_that_is_no_toml_is_told_once(run: Run) -> None:
    Path("apiward.toml").write_text("[")
    assert run("config", "check").stderr.count("It is no TOML") == 1


def test_the_business_and_the_owner_s_rules_are_looked_at(run: Run) -> None:
    Path("my.yml").write_text("title: x\n")
    Path("apiward.toml").write_text('[business]\ncountries = ["Germany"]\n[watch]\nrules = ["my.yml"]\n')
    result = run("config", "check")
    assert result.exit_code == ExitCode.USAGE
    assert "is no country" in result.stderr
    assert "my.yml, line 1" in result.stderr
    Path("apiward.toml").write_text('[business]\ncountries = ["DE"]\n')
    assert "is right" in run("config", "check").stdout
