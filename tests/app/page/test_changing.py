from pathlib import Path

import pytest

from apiward.app.guarding.upkeep import SPOOL
from apiward.app.page import changing
from apiward.app.page.changing import before_last_change, seen, set_autopilot, set_mode, try_out, undo
from apiward.config.errors import AdvisedError
from apiward.config.rules_file import load_rules_file
from apiward.core.decision import Mode
from tests.web.made import Browser, Shop, shop

TEXT = '# ours\n[guard]\nmode = "watch"\n[[notify.channels]]\nname = "phone"\nkind = "ntfy"\nto = ["t"]\n'


def settled(here: Shop, text: str = TEXT) -> Path:
    path = here.source.place.base / "apiward.toml"
    path.write_text(text)
    return path


def recorded(here: Shop) -> bytes:
    return b"".join(path.read_bytes() for path in (here.source.place.data / SPOOL).iterdir())


def test_the_guard_refuses_or_watches_and_that_is_undone(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        path = settled(here)
        assert before_last_change(here.source) is None
        set_mode(here.source, "enforce", seen(here.source))
        assert path.read_text() == TEXT.replace('"watch"', '"enforce"')
        assert here.source.settings().guard.mode is Mode.ENFORCE
        assert b"guard.mode is enforce" in recorded(here)
        undo(here.source, seen(here.source))
        assert path.read_text() == TEXT
        with pytest.raises(AdvisedError, match="not changed from here"):
            undo(here.source, seen(here.source))


def test_what_a_person_wrote_since_is_not_undone(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        path = settled(here)
        shown = seen(here.source)
        set_mode(here.source, "enforce", shown)
        with pytest.raises(AdvisedError, match="changed meanwhile"):
            set_mode(here.source, "watch", shown)
        path.write_text(path.read_text() + "# more\n")
        assert before_last_change(here.source) is None
        with pytest.raises(AdvisedError):
            undo(here.source, seen(here.source))
        assert path.read_text().endswith("# more\n")


def test_without_a_file_or_with_another_word_nothing_is_written(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        assert seen(here.source) == ""
        with pytest.raises(AdvisedError, match="no settings file"):
            set_mode(here.source, "watch", "")
        path = settled(here)
        for mode in ("off", "", "else"):
            with pytest.raises(AdvisedError, match="no such mode"):
                set_mode(here.source, mode, seen(here.source))
        with pytest.raises(AdvisedError, match="on or off"):
            set_autopilot(here.source, "maybe")
        assert path.read_text() == TEXT


def test_the_autopilot_says_who_switched_it(tmp_path: Path) -> None:
    with shop(tmp_path) as here:
        set_autopilot(here.source.acting_as("person:eve"), "on")
        said = load_rules_file(tmp_path).autopilot
        assert (said.state, said.by) == ("on", "person:eve")
        assert here.source.settings().guard.autopilot.enabled
        assert b"The autopilot is on now" in recorded(here)


def test_a_channel_is_tried_by_its_name_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    with shop(tmp_path) as here:
        settled(here)
        with pytest.raises(AdvisedError, match="no channel"):
            try_out(here.source, "https://elsewhere.example")
        monkeypatch.setattr(changing, "try_channel", lambda name, *_, **__: tried.append(name))
        try_out(here.source, "phone")
        assert tried == ["phone"]
        assert b"phone took a test message" in recorded(here)
        settled(here, "[guard\n")
        with pytest.raises(AdvisedError, match="cannot be used"):
            try_out(here.source, "phone")


def test_the_page_offers_what_is_not_so_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "try_channel", lambda *_, **__: None)
    with shop(tmp_path) as here:
        browser = Browser(here)
        assert 'action="/settings/mode"' not in browser.page("/settings")
        settled(here)
        page = browser.page("/settings")
        assert ("Let it refuse" in page, "Let it only watch" in page, "Undo" in page) == (True, False, False)
        digest = browser.json("/settings.json")["seen"]
        assert browser.send("/settings/mode", mode="enforce", seen=digest) == (303, "/settings?done=mode")
        assert browser.send("/settings/mode", mode="watch", seen=digest)[0] == 409
        page = browser.page("/settings")
        assert ("Let it refuse" in page, "Let it only watch" in page, "Undo" in page) == (False, True, True)
        digest = browser.json("/settings.json")["seen"]
        assert browser.send("/settings/undo", seen=digest) == (303, "/settings?done=settings-undone")
        assert browser.send("/settings/autopilot", state="on") == (303, "/settings?done=autopilot")
        assert "Switch the autopilot off" in browser.page("/settings")
        assert browser.send("/settings/channels/phone/test") == (303, "/settings?done=channel-tried")
        settled(here, "[guard\n")
        assert 'action="/settings/mode"' not in browser.page("/settings")
