"""The settings that a guard runs with: its file, the rules that commands wrote, and what the command line says."""

import time
from dataclasses import replace
from pathlib import Path

from apiward.app.guarding import last_good
from apiward.app.guarding.building import read_bytes
from apiward.app.guarding.description import is_address
from apiward.app.guarding.log import log
from apiward.app.guarding.place import Overrides, Place
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.config.rules_file import RulesFile, load_rules_file, rules_digest, rules_path


class SettingsReader:
    """Reads the settings, and tells when one of their files has changed.

    `config` are those that hold, `text` is the file that they were read from, `rules` the digest of the rules.
    """

    def __init__(self, place: Place, overrides: Overrides, given: GuardConfig) -> None:
        self.config = given
        self.text = ""
        self.rules = ""
        self._place = place
        self._overrides = overrides
        self._given = given
        self._seen: dict[Path, float] = {}

    def read(self, *, is_first: bool) -> None:
        """Read them again. Raises ConfigError; only a worker that begins takes the last good ones instead."""
        self.rules = rules_digest(self._place.base)  # before the file is read: what changes between is seen again
        rules = load_rules_file(self._place.base)
        if self._place.file is None:
            self.config = self._with_rules(rules, self._given)
            return
        try:
            text, config = _settings(self._place.file)
        except ConfigError as error:
            good = self._place.data / last_good.SETTINGS
            if not is_first or not good.exists():
                raise
            log("The settings cannot be used. The last good ones hold.", level="error", why=str(error))
            text, config = _settings(good)
        self.text, self.config = text, self._with_rules(rules, config)

    def is_changed(self) -> bool:
        """Return whether a file has changed since `note`."""
        return any(_stamp(file) != stamp for file, stamp in self._seen.items())

    def note(self) -> None:
        """Note how the files are now that the settings come from."""
        files = [self._place.file, rules_path(self._place.base)]
        if self.config.description and not is_address(self.config.description):
            files.append(self._place.base / self.config.description)
        for issuer in self.config.issuers:
            files += [self._place.base / name for name in (issuer.jwks_file, issuer.pem_file) if name]
        self._seen = {file: _stamp(file) for file in files if file is not None}

    def stamps(self) -> list[tuple[str, float]]:
        """Return the files with the times of their last change, as they were noted."""
        return sorted((str(file), stamp) for file, stamp in self._seen.items())

    def _with_rules(self, rules: RulesFile, config: GuardConfig) -> GuardConfig:
        """Return the settings that hold. Where the command line names a mode, none that was switched counts."""
        held = rules.applied(self._overrides.applied(config), time.time())
        return replace(held, switched=()) if self._overrides.mode is not None else held


def _settings(path: Path) -> tuple[str, GuardConfig]:
    try:
        text = read_bytes(path).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read.", str(error)) from error
    config, problems = parse_guard(text)
    if problems:
        raise ConfigError(f"{path} cannot be used.", "\n".join(f"- {problem}" for problem in problems))
    return text, config


def _stamp(path: Path) -> float:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0.0
