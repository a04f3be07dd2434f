"""A description that is written to a file, as OpenAPI 3.1."""

from pathlib import Path

from apiward.config.errors import AdvisedError
from apiward.core.api import Api
from apiward.spec.writing.openapi31 import json_text, yaml_text


def check_name(output: str) -> None:
    """Raise AdvisedError where a name does not say which form the file shall have; empty is no name."""
    if output and not output.endswith((".yaml", ".yml", ".json")):
        raise AdvisedError(f"{output} says no form.", "", "Name a file that ends in .yaml or .json.")


def save_description(output: str, api: Api) -> None:
    """Write the API to a file. Raises AdvisedError."""
    text = json_text(api) if output.endswith(".json") else yaml_text(api)
    try:
        Path(output).write_text(text, "utf-8")
    except OSError as error:
        raise AdvisedError(f"{output} cannot be written.", f"{error.strerror}.", "Name another file.") from None
