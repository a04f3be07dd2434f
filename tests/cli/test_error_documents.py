import json
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from apiward.cli.error_documents import error_document
from apiward.config.errors import AdvisedError
from apiward.prove.formats.json import ERROR_SCHEMA_FILE, schema_text

ERROR = AdvisedError("It broke\x1b[2J.", "Because.", "Mend it.")


@pytest.mark.parametrize("arguments", [["--format", "json"], ["scan", "--format=json", "x"]])
def test_json(arguments: list[str]) -> None:
    document = json.loads(error_document(arguments, ERROR, 3))
    jsonschema_rs.validator_for(json.loads(schema_text(ERROR_SCHEMA_FILE))).validate(document)
    told = document["error"]
    assert told == {"exit_code": 3, "what": ERROR.what, "why": "Because.", "advice": "Mend it."}


def test_the_schema_of_errors_refuses_what_is_none() -> None:
    validator = jsonschema_rs.validator_for(json.loads(schema_text(ERROR_SCHEMA_FILE)))
    good = json.loads(error_document(["--format", "json"], ERROR, 2))
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "schema": "apiward.error/2"})
    assert not validator.is_valid({**good, "error": {**good["error"], "exit_code": 0}})
    assert not validator.is_valid({**good, "error": {"exit_code": 2, "what": "x"}})


def test_sarif_says_that_the_run_failed() -> None:
    run = json.loads(error_document(["--format", "sarif"], ERROR, 3))["runs"][0]
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is False


def test_junit_is_an_error_and_clean_xml() -> None:
    root = ET.fromstring(error_document(["--format", "junit"], ERROR, 2))
    assert root.get("errors") == "1"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--format"],
        ["--format", "text"],
        ["--format", "json", "--format", "sarif"],
        ["--format=json", "--output=x"],
    ],
)
def test_nothing_where_no_machine_reads_stdout(arguments: list[str]) -> None:
    assert error_document(arguments, ERROR, 3) == ""
