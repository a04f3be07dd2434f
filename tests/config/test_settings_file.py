from pathlib import Path

import pytest

from apiward.config.errors import ConfigError
from apiward.config.guarding import parse_guard
from apiward.config.settings_file import ChangedError, digest_of, put_back, set_value, settings_text

TEXT = '# our shop\n[guard]\nupstream = "http://localhost:8000"  # the old box\nmode = "watch"\n\n[page]\n'


def problems(text: str) -> tuple[str, ...]:
    return parse_guard(text)[1]


def written(folder: Path, text: str = TEXT) -> Path:
    path = folder / "apiward.toml"
    path.write_text(text)
    path.chmod(0o640)
    return path


def changed(path: Path, value: object, seen: str = "", key: str = "mode") -> tuple[str, str]:
    return set_value(path, "guard", key, value, seen=seen or digest_of(path.read_text()), problems=problems)


def test_one_setting_is_written_and_all_else_stays(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert changed(path, "enforce") == (TEXT, TEXT.replace('"watch"', '"enforce"'))
    assert path.read_text() == TEXT.replace('"watch"', '"enforce"')
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["apiward.toml"]
    put_back(path, TEXT, seen=digest_of(path.read_text()), problems=problems)
    assert path.read_text() == TEXT


def test_a_table_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = written(tmp_path, "# empty\n")
    changed(path, "watch")
    assert path.read_text() == '# empty\n\n[guard]\nmode = "watch"\n'


def test_what_was_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = written(tmp_path)
    seen = digest_of(TEXT)
    path.write_text(TEXT + "# a word of a person\n")
    with pytest.raises(ChangedError, match="changed meanwhile"):
        changed(path, "enforce", seen)
    with pytest.raises(ChangedError):
        put_back(path, TEXT, seen=seen, problems=problems)
    assert path.read_text().endswith("# a word of a person\n")


@pytest.mark.parametrize("text", [TEXT, "guard = 3\n", "[guard\n", '[guard]\nlisten = "x"\n'])
def test_what_would_be_no_good_is_not_written(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError):
        changed(path, "sometimes" if text is TEXT else "watch")
    assert path.read_text() == text


def test_a_link_stays_a_link_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = written(tmp_path)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    changed(link, "enforce")
    assert link.is_symlink()
    assert "enforce" in path.read_text()
    path.write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        settings_text(path)
    path.write_bytes(b"#" * 1_100_000)
    with pytest.raises(ConfigError, match="larger than 1 MB"):
        settings_text(path)
