"""The image is made of what is in the source, by hash, and runs as nobody special on files that it cannot write."""

import re
from pathlib import Path
from typing import Final

import yaml

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "deploy" / "container"
LINES: Final = (FOLDER / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()


def values(word: str) -> list[str]:
    return [line.removeprefix(f"{word} ") for line in LINES if line.startswith(f"{word} ")]


def test_all_that_is_copied_is_there_and_nothing_else_gets_in() -> None:
    copied = [line.split()[0] for line in values("COPY") if not line.startswith("--from")]
    assert copied == ["requirements/run.txt", "src/apiward"]
    assert all((ROOT / name).exists() for name in copied)
    let_in = [line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"]
    assert all(any(name.startswith(one) for one in let_in) for name in copied)
    (version,) = {base.split()[0] for base in values("FROM")}
    assert re.fullmatch(r"python:(3\.\d+)-slim-\w+", version)
    assert f"python{version.removeprefix('python:').partition('-')[0]}/" in values("COPY")[1]


def test_packages_come_by_hash_and_the_user_is_not_root() -> None:
    installs = [line for line in values("RUN") if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
    assert values("USER") == ["10001:10001"]
    assert LINES.index("USER 10001:10001") < next(n for n, line in enumerate(LINES) if line.startswith("ENTRYPOINT"))


def test_every_service_is_read_only_and_without_capabilities() -> None:
    document = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
    assert set(document["services"]) == {"guard", "watch"}
    for service in document["services"].values():
        assert service["read_only"] is True
        assert service["user"] == "10001:10001"
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not any(port.count(":") < 2 for port in service.get("ports", ()))
