"""What stands on stdout instead of a report when a machine asked for one and there is none."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from apiward import __version__
from apiward.cli.exits import ExitCode
from apiward.config.errors import AdvisedError

ERROR_SCHEMA: Final = "apiward.error/1"
_SARIF_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def error_document(arguments: Sequence[str], error: AdvisedError, code: int) -> str:
    """Return the document that `arguments` ask for, or nothing where none goes to stdout.

    The arguments are read by hand: the error may be that click could not read them.
    """
    formats = _values(arguments, "--format")
    goes_elsewhere = bool(_values(arguments, "--output"))
    if len(formats) != 1 or goes_elsewhere or formats[0] not in _WRITERS:
        return ""
    return _WRITERS[formats[0]](error, code)


def _values(arguments: Sequence[str], option: str) -> list[str]:
    apart = [value for name, value in pairwise(arguments) if name == option]
    return apart + [text.partition("=")[2] for text in arguments if text.startswith(f"{option}=")]


def _json(error: AdvisedError, code: int) -> str:
    document = {
        "schema": ERROR_SCHEMA,
        "apiward_version": __version__,
        "error": {"exit_code": code, "what": error.what, "why": error.why, "advice": error.advice},
    }
    return json.dumps(document, indent=2) + "\n"


def _sarif(error: AdvisedError, code: int) -> str:
    note = {"level": "error", "message": {"text": str(error)}}
    kind = "toolConfigurationNotifications" if code == ExitCode.USAGE else "toolExecutionNotifications"
    run = {
        "tool": {"driver": {"name": "apiward", "version": __version__, "rules": []}},
        "invocations": [{"executionSuccessful": False, "exitCode": code, kind: [note]}],
        "results": [],
    }
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _junit(error: AdvisedError, code: int) -> str:
    root = ET.Element("testsuites", name="apiward", tests="1", errors="1", failures="0", skipped="0")
    suite = ET.SubElement(root, "testsuite", name="apiward", tests="1", errors="1", failures="0", skipped="0")
    case = ET.SubElement(suite, "testcase", classname="apiward.scan", name="the scan could check enough")
    told = ET.SubElement(case, "error", type=f"exit code {code}", message=_clean(error.what))
    told.text = _clean(f"{error.why}\n{error.advice}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """XML 1.0 has no control characters."""
    return "".join(char if char.isprintable() or char in "\n\t" else "?" for char in text)


_WRITERS: Final[Mapping[str, Callable[[AdvisedError, int], str]]] = {"json": _json, "sarif": _sarif, "junit": _junit}
