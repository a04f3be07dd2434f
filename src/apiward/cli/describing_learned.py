"""What `apiward describe --learned` does: writes what was learned as an OpenAPI 3.1 document."""

from collections.abc import Mapping

from apiward.app.guarding.place import Place
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import settings
from apiward.cli.learned_shown import learned_of
from apiward.cli.saving import check_name, save_description
from apiward.cli.speaking import say, write_out
from apiward.config.errors import AdvisedError
from apiward.spec.writing.openapi31 import yaml_text


def describe_learned(given: Mapping[str, object]) -> int:
    """Write the document; return 0. Raises AdvisedError."""
    if not given.get("learned"):
        raise AdvisedError("--from belongs to --learned.", "", "Write: apiward describe --learned --from FILE")
    if given.get("url") or given.get("spec"):
        why = "What was learned stands in the data folder, not at an address."
        raise AdvisedError("--learned takes neither an address nor --spec.", why, "Leave it out.")
    output = str(given.get("output") or "")
    check_name(output)
    file, config = settings(given)
    known = learned_of(given, config, Place.of(file, config), None)
    if not output:
        write_out(yaml_text(known.api()))
        return ExitCode.HOLDS
    save_description(output, known.api())
    sure = sum(one.sureness.is_sure for one in known.operations)
    say(f"{output}: {len(known.operations)} operations, {sure} of them sure. Read it before you rely on it.")
    return ExitCode.HOLDS
