from pathlib import Path
from types import ModuleType

import pytest

from apiward.app.watching.sources.archives import open_log
from apiward.config.errors import AdvisedError


def test_zstd_is_read_by_what_is_there_and_else_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "access.log.zst"
    log.write_bytes(b"\x28\xb5\x2f\xfdrest")

    def missing(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.setattr("apiward.app.watching.sources.archives.import_module", missing)
    with pytest.raises(AdvisedError, match=r"zstd -dc access\.log\.zst"):
        open_log(log)
    module = ModuleType("zstd")
    module.ZstdFile = lambda file: file  # type: ignore[attr-defined]  # stands for a package that may be installed
    monkeypatch.setattr("apiward.app.watching.sources.archives.import_module", lambda _: module)
    stream, file, is_packed = open_log(log)
    with file:
        assert is_packed
        assert stream.read(4) == b"\x28\xb5\x2f\xfd"
