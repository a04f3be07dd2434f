"""Writes the pages in docs/reference from the code: `python -m docs.generate`. A test holds them against it."""
# ruff: noqa: INP001 - a script beside the pages that it writes

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import click

from apiward.catalogue.clocks import load_clocks
from apiward.catalogue.entries import CheckEntry
from apiward.catalogue.loading import FAMILIES, load_catalogue
from apiward.catalogue.rules import Rule, load_rules
from apiward.cli.either import Either
from apiward.cli.exits import ExitCode
from apiward.cli.main import cli
from apiward.config.business import BusinessConfig
from apiward.config.guarding import GuardConfig
from apiward.config.names import FILE_NAME
from apiward.config.notifying import NotifyConfig
from apiward.config.page import PageConfig
from apiward.config.scanning import _ACCOUNT, _SCAN, ScanConfig
from apiward.config.watching import WatchConfig
from apiward.guard.policy import STANCES
from apiward.guard.stage import StageName, Stance
from apiward.net.sender import BODY_LIMIT_BYTES, CONNECTIONS, TIMEOUT_S
from apiward.prove import words
from apiward.prove.formats.json import ERROR_SCHEMA_FILE, MAX_BODY_CHARS, schema_text
from apiward.scan.calling.traffic import MAX_RETRIES, MAX_WAIT_S, MOST_ASKED_S, SILENT_IN_A_ROW, Budget, budget_for
from apiward.scan.checks.authentication.login_throttle import TRIES
from apiward.scan.proofs.slowness import Budget as SlowBudget
from apiward.scan.proofs.trials.keys import TIME_LIMIT_S
from apiward.scan.registry import CHECKS
from apiward.spec.finding import MAX_REQUESTS
from apiward.spec.limits import DEFAULT_LIMITS
from apiward.watch.logs.registry import ALIASES, FORMS
from docs.settings_rows import settings_rows, tables_of

FOLDER: Final = Path(__file__).parent / "reference"
WIDTH: Final = 80
NOTE: Final = "*This page is written by `docs/generate.py`. Change the code, then run `python -m docs.generate`.*"
EXAMPLE: Final = """```toml
[scan]
url = "http://localhost:8000"
level = "write"
fail_on = "high"

[[scan.accounts]]
name = "anna"
username = "anna@example.com"
password_env = "ANNA_PASSWORD"

[[scan.accounts]]
name = "ben"
header_env = "BEN_HEADER"
```"""
STANCE_WORDS: Final[Mapping[Stance, str]] = {
    Stance.OPEN: "the request goes on (`open`).",
    Stance.CLOSED: "the request is refused (`closed`).",
}
WAYS_IN: Final = (
    "One table for each account. It needs a way in: `username` with a password, one of `header`, `cookie`, `query`, or "
    "one of `token_command`, `token_url`, `openid_url`, `client_id`, `sign_command`, `certificate`."
)
ACCOUNT_WORDS: Final[Mapping[str, str]] = {
    "name": "What the account is called in the report.",
    "username": "What stands in the log-in: a name or an e-mail address.",
    "password": "The password. Better: `password_env`, so that no secret stands in the file.",
    "password_env": "The environment variable that holds the password.",
    "header": "A header that logs in without a password: `Authorization: Bearer …`.",
    "header_env": "The environment variable that holds that header, with its name.",
    "cookie": "A cookie that logs in: `name=value`.",
    "query": "A query field that logs in: `name=value`.",
    "token_command": "A program that prints a token. It is run without a shell.",
    "token_url": "The address of a token server (OAuth 2).",
    "client_id": "Who asks the token server.",
    "client_secret": "Its secret. Better: `client_secret_env`.",
    "client_secret_env": "The environment variable that holds it.",
    "refresh_token": "What is exchanged for a token. Better: `refresh_token_env`.",
    "refresh_token_env": "The environment variable that holds it.",
    "scope": "What the token server is asked for.",
    "openid_url": "The address of an OpenID provider, which tells where tokens are given out.",
    "sign_command": "A program that prints headers for each request. It is run without a shell.",
    "certificate": "A client certificate (PEM) that this account shows to the API.",
    "certificate_key": "Its key, where it stands in a file of its own.",
    "role": "The role in your words. A word such as admin or staff makes the account a privileged one.",
    "tenant": "The customer's business that the account belongs to, where your API serves several.",
    "totp_secret": "The secret of its authenticator app. Better: `totp_secret_env`.",
    "totp_secret_env": "The environment variable that holds it.",
    "standing": "Says it outright: `normal` or `privileged`.",
}


def commands() -> str:
    """Return the page of all commands: the help of each, as it is printed."""
    parts = ["# Commands", NOTE, "Every command takes `--help`. `python -m apiward` does the same as `apiward`."]
    for name, command in _commands(cli, "apiward"):
        settings = {**cli.context_settings, "max_content_width": WIDTH, "terminal_width": WIDTH}
        with click.Context(command, info_name=name, **settings) as context:
            parts += [f"## {name}", f"```text\n{command.get_help(context).rstrip()}\n```"]
    return _page(parts)


def configuration() -> str:
    """Return the page of apiward.toml."""
    parts = [
        f"# Settings: {FILE_NAME}",
        NOTE,
        f"`apiward scan` reads `./{FILE_NAME}` where there is one, or the file named by `--config`.",
        "The table `[guard]` stands in the same file: see [the guard's settings](guard-settings.md).",
        "An option on the command line wins over the file. `apiward config check` says everything that is wrong.",
        "Where a key has no default, its meaning says what happens without it.",
        EXAMPLE,
        "## `[scan]`",
        _table(("key", "must be", "default", "meaning"), _scan_keys()),
        "## `[[scan.accounts]]`",
        WAYS_IN,
        _table(("key", "must be", "meaning"), ((f"`{k}`", f.says, ACCOUNT_WORDS[k]) for k, f in _ACCOUNT.items())),
    ]
    return _page(parts)


def checks() -> str:
    """Return the page of all checks, from the catalogue and the registry."""
    levels = {check.code: check.level.word for check in CHECKS}
    entries = load_catalogue().checks
    rows = (
        (f"[{e.code}](#{e.code.lower()})", e.severity.word, levels[e.code], e.title)
        for family in FAMILIES
        for e in entries.values()
        if e.family == family
    )
    parts = [
        "# Checks",
        NOTE,
        f"There are {len(entries)} checks. *Level* is the lowest `--level` at which a check runs.",
        "`apiward explain CODE` says the same in the terminal.",
        _table(("code", "severity", "level", "weakness"), rows),
    ]
    for family in FAMILIES:
        parts.append(f"## {family.capitalize()}")
        for entry in entries.values():
            if entry.family == family:
                parts += _check(entry, levels[entry.code])
    parts.append("## Risks")
    parts.append("The ten risks of the founding list. Those without a check cannot be seen from outside.")
    parts.append(_table(("risk", "means", "checks", "known as"), _risks()))
    return _page(parts)


def exit_codes() -> str:
    """Return the page of exit codes."""
    rows = ((f"`{code.value}`", code.meaning) for code in ExitCode)
    text = 'A pipeline can tell "broken" from "could not look": that is what code 3 is for.'
    return _page(["# Exit codes", NOTE, text, _table(("code", "meaning"), rows)])


def json_report() -> str:
    """Return the page of the JSON report, from its JSON Schema."""
    schema = json.loads(schema_text())
    parts = [
        "# The JSON report",
        NOTE,
        f"`apiward scan URL --format json` writes it. {schema['description']}",
        "The JSON Schema (2020-12) is part of the package: `apiward/prove/formats/scan-1.schema.json`.",
        f"Bodies are cut at {MAX_BODY_CHARS:,} characters; `body_is_cut` says so.",
        _table(("field", "type", "meaning"), _schema_rows(schema, "")),
    ]
    for name, part in schema["$defs"].items():
        said = str(part.get("description", ""))
        kind = _type(part) + (f", pattern `{part['pattern']}`" if "pattern" in part else "")
        shape = _table(("field", "type", "meaning"), _schema_rows(part, "")) if "properties" in part else kind
        parts += [f"## {name}", said, shape]
    error = json.loads(schema_text(ERROR_SCHEMA_FILE))
    parts += [
        "## When the command fails",
        "Where JSON was asked for on stdout, an error is JSON as well: `apiward.error/1`.",
        f"Its JSON Schema stands beside the other: `{ERROR_SCHEMA_FILE}`.",
        _table(("field", "type", "meaning"), _schema_rows(error, "")),
    ]
    return _page(parts)


def limits() -> str:
    """Return the page of bounds, and of the words that a report uses for what it could not do."""
    rows = ((e.what, e.cost, e.remedy) for e in load_catalogue().limits.values())
    parts = [
        "# Limits",
        NOTE,
        "## Bounds of every scan",
        _table(("what", "bound"), _bounds()),
        "## What a report may say it could not do",
        "Words in braces are filled in by the scan.",
        _table(("what", "what it costs", "what to do"), rows),
    ]
    return _page(parts)


def guard_settings() -> str:
    """Return the page of the table [guard], from the dataclasses that read it."""
    parts = [
        "# Settings of the guard",
        NOTE,
        f"`apiward guard` reads the table `[guard]` of `./{FILE_NAME}`, or of the file named by `--config`.",
        "Every setting has a default, which is shown as it is written in the file. Leave out what you need not change.",
        f"`apiward config check {FILE_NAME}` says everything that is wrong with a file.",
        "Operations are named as in `GET /orders/*`, `/admin/**`, `tag:staff`, or by their id in the description.",
    ]
    for head, kind in tables_of(GuardConfig, "guard", is_many=False):
        parts += [
            f"## `{head}`",
            _table(("setting", "must be", "default", "meaning"), settings_rows(kind, head.strip("[]"))),
        ]
    return _page(parts)


def business_settings() -> str:
    """Return the page of the table [business], from the dataclass that reads it."""
    parts = [
        "# Settings of the business",
        NOTE,
        f"`apiward breach` reads the table `[business]` of `./{FILE_NAME}`, or of the file named by `--config`.",
        "What you leave out counts as not known. Then time limits that depend on it stay open, with a question.",
        "## `[business]`",
        _table(("setting", "must be", "default", "meaning"), settings_rows(BusinessConfig, "business")),
    ]
    return _page(parts)


def page_settings() -> str:
    """Return the page of the table [page], from the dataclass that reads it."""
    parts = [
        "# Settings of your page",
        NOTE,
        f"`apiward up` reads the table `[page]` of `./{FILE_NAME}`, or of the file named by `--config`.",
        "On this computer the page needs none of it. For others it needs names, TLS, and people: `apiward people add`.",
        "## `[page]`",
        _table(("setting", "must be", "default", "meaning"), settings_rows(PageConfig, "page")),
    ]
    return _page(parts)


def time_limits() -> str:
    """Return the page of the time limits that laws and contracts give."""
    rows = (
        (f"`{clock.name}`", clock.regime, clock.duty, clock.to, f"{clock.within}, {clock.starts}", clock.law,
         f"{clock.certainty}, {clock.checked_on}")
        for clock in load_clocks().values()
    )  # fmt: skip
    parts = [
        "# Time limits",
        NOTE,
        "Which laws and contracts give a time limit when something has happened, as far as apiward knows them.",
        "This is no legal advice. `text` was read in a copy of the law, `secondary` is what others write of it.",
        "`unverified` is general knowledge. Each has the day on which it was looked up.",
        "`h` are hours, `d` days, `wd` working days: from when you noticed it, judged it, or told the people.",
        _table(("name", "where", "what to do", "to whom", "within", "law", "how sure"), rows),
    ]
    return _page(parts)


def watch_settings() -> str:
    """Return the page of the table [watch], from the dataclasses that read it, and of the forms of logs."""
    parts = [
        "# Settings of watch",
        NOTE,
        f"`apiward watch` reads the table `[watch]` of `./{FILE_NAME}`, or of the file named by `--config`.",
        "Every setting has a default, which is shown as it is written in the file. Leave out what you need not change.",
    ]
    for head, kind in tables_of(WatchConfig, "watch", is_many=False):
        parts += [
            f"## `{head}`",
            _table(("setting", "must be", "default", "meaning"), settings_rows(kind, head.strip("[]"))),
        ]
    names: dict[str, list[str]] = {}
    for alias, name in ALIASES.items():
        names.setdefault(name, []).append(f"`{alias}`")
    rows = ((f"`{form.name}`", form.title, ", ".join(names.get(form.name, ()))) for form in FORMS)
    return _page([*parts, "## Forms of logs", _table(("`format`", "what writes it", "other names"), rows)])


def notify_settings() -> str:
    """Return the page of the table [notify], from the dataclasses that read it."""
    parts = [
        "# Settings of messages",
        NOTE,
        f"`apiward watch --follow` and `apiward notify` read the table `[notify]` of `./{FILE_NAME}`.",
        "Secrets come from the environment: the settings name the variables. See [be told](../how-to/be-told.md).",
    ]
    for head, kind in tables_of(NotifyConfig, "notify", is_many=False):
        parts += [
            f"## `{head}`",
            _table(("setting", "must be", "default", "meaning"), settings_rows(kind, head.strip("[]"))),
        ]
    return _page(parts)


def guard_stages() -> str:
    """Return the page of the guard's stages, from the words of its rules."""
    book = load_rules()
    parts = [
        "# Stages of the guard",
        NOTE,
        "The stages judge in this order. The first one that refuses ends the request.",
        "The mode of each can be set: `off`, `watch` or `enforce`, see [the guard's settings](guard-settings.md).",
        "A rule without a status refuses nothing: it changes or slows something, or only says what it saw.",
        "The caller never reads what the owner reads. Words in braces are filled in.",
    ]
    for number, entry in enumerate(book.stages.values(), 1):
        is_stage = entry.name in frozenset(StageName)
        title = f"{number}. {entry.name}" if is_stage else "The guard itself"
        stance = f"\n- **Where it fails:** {STANCE_WORDS[STANCES[StageName(entry.name)]]}" if is_stage else ""
        rules = (rule for rule in book.rules.values() if rule.id.partition(".")[0] == entry.name)
        parts += [f"## {title}", f"- **Can:** {entry.can}\n- **Cannot:** {entry.cannot}{stance}"]
        parts.append(_table(("rule", "status", "the caller reads", "the owner reads"), map(_rule, rules)))
    return _page(parts)


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "commands.md": commands,
    "configuration.md": configuration,
    "checks.md": checks,
    "exit-codes.md": exit_codes,
    "json-report.md": json_report,
    "limits.md": limits,
    "guard-settings.md": guard_settings,
    "guard-stages.md": guard_stages,
    "business-settings.md": business_settings,
    "page-settings.md": page_settings,
    "time-limits.md": time_limits,
    "watch-settings.md": watch_settings,
    "notify-settings.md": notify_settings,
}


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        with click.Context(command, info_name=name) as context:
            for child in command.list_commands(context):
                found = command.get_command(context, child)
                if found is not None:
                    yield from _commands(found, f"{name} {child}")
    if isinstance(command, Either):
        for child in command.places:
            yield from _commands(command.command(child), f"{name} {child}")


def _scan_keys() -> Iterator[tuple[str, str, str, str]]:
    told = {"url": "The address of the API, or of its OpenAPI description.", "accounts": "Test accounts, see below."}
    scan = cli.get_command(click.Context(cli), "scan")
    for param in scan.params if scan else ():
        if isinstance(param, click.Option) and param.name:
            told.setdefault(param.name, (param.help or "") + f" As `{param.opts[0]}`.")
    defaults = {field.name: field.default for field in fields(ScanConfig)}
    for key, form in _SCAN.items():
        yield f"`{key}`", form.says, _default(defaults[key]), told[key]


def _default(value: object) -> str:
    return "" if value in (None, "", ()) else str(value).lower()


def _rule(rule: Rule) -> tuple[str, str, str, str]:
    return f"`{rule.id}`", str(rule.status or ""), f"{rule.title} {rule.detail}" if rule.status else "", rule.owner


def _check(entry: CheckEntry, level: str) -> Iterator[str]:
    known = ", ".join([*entry.owasp_2019, *entry.owasp_2023, *(f"CWE-{number}" for number in entry.cwe)])
    yield f"### {entry.code}"
    yield f"**{entry.title}.** `{entry.name}` · {entry.severity.word} · level {level} · {words.effort(entry.effort_h)}"
    yield entry.meaning
    told = f"- **Fix:** {entry.fix}\n- **Proves:** {entry.proves}\n- **Cannot:** {entry.cannot}"
    yield f"{told}\n- **Until it is fixed:** {entry.held_by}\n- **Known as:** {known}"


def _risks() -> Iterator[tuple[str, ...]]:
    catalogue = load_catalogue()
    for id_, risk in catalogue.risks.items():
        codes = ", ".join(e.code for e in catalogue.checks.values() if id_ in e.risks)
        known = ", ".join([*risk.owasp_2019, *risk.owasp_2023, *(f"CWE-{number}" for number in risk.cwe)])
        yield f"`{id_}`", risk.title, codes or "none yet", known


def _schema_rows(part: Mapping[str, Any], lead: str) -> Iterator[tuple[str, str, str]]:
    for member in (part, *part.get("oneOf", ()), *part.get("anyOf", ())):
        for name, child in member.get("properties", {}).items():
            yield f"`{lead}{name}`", _type(child), str(child.get("description", ""))
            yield from _schema_rows(child, f"{lead}{name}.")
            if isinstance(child.get("items"), dict):
                yield from _schema_rows(child["items"], f"{lead}{name}[].")


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " or ".join(_type(member) for member in schema[key])
    kinds = schema.get("type", "any")
    text = kinds if isinstance(kinds, str) else " or ".join(kinds)
    return f"{text} of {_type(schema['items'])}" if isinstance(schema.get("items"), dict) else text


def _bounds() -> Iterator[tuple[str, str]]:
    usual, one_more = budget_for(0).requests, budget_for(1).requests
    yield "Requests in one scan (`--budget`)", f"{usual:,}, and {one_more - usual} for each operation"
    yield "Connections at a time (`--connections`)", str(CONNECTIONS)
    yield "Requests per second (`--rate`)", "none, unless you set it"
    yield "Time for one answer", f"{TIMEOUT_S:g} seconds"
    yield "Bytes read of one answer", f"{BODY_LIMIT_BYTES:,}"
    yield (
        "Asked to slow down (429, 503)",
        (
            f"waits as asked, at most {MAX_WAIT_S:g} seconds, {MAX_RETRIES} times; "
            f"not at all where more than {MOST_ASKED_S:g} seconds are asked for"
        ),
    )
    yield "Answers missing in a row before the scan ends", str(SILENT_IN_A_ROW)
    yield "Time spent in a row on answers that never end", f"{Budget().patience_s:g} seconds"
    yield "Requests to look for a description", str(MAX_REQUESTS)
    yield "Size of a description", f"{DEFAULT_LIMITS.max_bytes:,} bytes"
    yield "Operations read of a description", f"{DEFAULT_LIMITS.max_operations:,}"
    yield "Time to read a description", f"{DEFAULT_LIMITS.max_seconds:g} seconds"
    yield "Wrong passwords for one throw-away account (AUT07)", str(TRIES)
    slow = SlowBudget()
    yield "Requests to look for slowness in one operation (RES01)", str(slow.requests)
    yield "Extra time that they may cost your API", f"{slow.seconds:g} seconds for each operation"
    yield "Time to guess the key of one token, offline (AUT04)", f"{TIME_LIMIT_S:g} seconds"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [_row(head), _row(("---",) * len(head)), *map(_row, rows)]
    return "\n".join(lines)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').strip() for cell in cells)} |"


def _page(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), "utf-8")
    sys.stdout.write(f"{len(PAGES)} pages written to {FOLDER}\n")


if __name__ == "__main__":
    main()
