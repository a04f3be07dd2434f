"""What `apiward describe --learned` does: writes what was learned as an OpenAPI 3.1 document."""

from collections.abc import Mapping
from pathlib import Path

from apiward.app.guarding.place import Place
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings
from apiward.cli.learned_shown import learned_of
from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError
from apiward.spec.writing.openapi31 import json_text, yaml_text


def describe_learned(given: Mapping[str, object]) -> int:
    """Write the document; return 0. Raises AdvisedError."""
    if not given.get("learned"):
        raise AdvisedError(
            "--from and --output belong to --learned.", "", "Write: apiward describe --learned -o api.yaml"
        )
    if given.get("url") or given.get("spec"):
        why = "What was learned stands in the data folder, not at an address."
        raise AdvisedError("--learned takes neither an address nor --spec.", why, "Leave it out.")
    output = str(given.get("output") or "")
    if output and not output.endswith((".yaml", ".yml", ".json")):
        raise AdvisedError(f"{output} says no form.", "", "Name a file that ends in .yaml or .json.")
    file, config = settings(given)
    known = learned_of(given, config, Place.of(file, config), None)
    text = json_text(known.api()) if output.endswith(".json") else yaml_text(known.api())
    if not output:
        write_out(text)
        return ExitCode.HOLDS
    try:
        Path(output).write_text(text, "utf-8")
    except OSError as error:
        raise AdvisedError(f"{output} cannot be written.", f"{error.strerror}.", "Name another file.") from None
    sure = sum(one.sureness.is_sure for one in known.operations)
    say(f"{output}: {len(known.operations)} operations, {sure} of them sure. Read it before you rely on it.")
    return ExitCode.HOLDS
