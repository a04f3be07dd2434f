"""The units are right as far as systemd can tell without starting them, and their commands are commands of ours."""

import configparser
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from apiward.cli.main import cli

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "systemd"
SERVICES: Final = sorted(FOLDER.glob("*.service"))
PROGRAM: Final = "/opt/apiward/bin/apiward"
HELD: Final = {
    "User": "apiward",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "StateDirectory": "apiward",
    "UMask": "0077",
    "SystemCallFilter": "@system-service",
}


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names keep their case
    parser.read_string(path.read_text("utf-8"))
    return parser


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_has_no_privilege_and_one_folder(path: Path) -> None:
    service = unit(path)["Service"]
    assert {name: service.get(name) for name in HELD} == HELD
    program, command, *options = service["ExecStart"].split()
    assert program == PROGRAM
    shown = CliRunner().invoke(cli, [command, "--help"]).output
    assert not [option for option in options if option.startswith("--") and option not in shown]


def test_what_one_service_keeps_every_other_finds() -> None:
    services = [unit(path)["Service"] for path in SERVICES]
    assert [one.get("Environment") for one in services] == [None] * len(services)
    assert len({(one["WorkingDirectory"], one["EnvironmentFile"]) for one in services}) == 1


def test_each_timer_has_its_service() -> None:
    timers = sorted(FOLDER.glob("*.timer"))
    assert [path.stem for path in timers] == ["apiward-digest", "apiward-scan"]
    for path in timers:
        assert path.with_suffix(".service") in SERVICES
        assert unit(path)["Timer"]["OnCalendar"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here: units are read, not verified")
def test_systemd_takes_them(tmp_path: Path) -> None:
    for path in (*SERVICES, *FOLDER.glob("*.timer")):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(PROGRAM, "/bin/true"), "utf-8")
    names = [str(path) for path in sorted(tmp_path.iterdir())]
    verified = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
