import asyncio
from pathlib import Path

from apiward.demo.app import create_app
from apiward.demo.day import normal_day
from apiward.net.asgi import asgi_sender
from tests.guarded.demo_guard import Heard
from tests.guarded.patched_demo import guard_with, scan_and_patch

ORIGIN = "http://demo.test"


def _refused(folder: Path, weak: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    app = create_app(weak, data_dir=folder)
    rules = scan_and_patch(weak, seed=5).plan.rules if weak else ()

    async def day() -> list[tuple[str, bool]]:
        served = guard_with(app, folder, rules, clock=app.state.desk.clock, heard=Heard()) if rules else app
        async with asgi_sender(served, clock=app.state.desk.clock) as sender:
            return [(one.what, one.went_well) for one in await normal_day(ORIGIN, sender.send)]

    errands = asyncio.run(day())
    app.state.desk.storage.close()
    return len(errands), [what for what, went_well in errands if not went_well]


def test_everything_works_on_a_normal_day(tmp_path: Path) -> None:
    assert _refused(tmp_path) == (65, [])


def test_a_call_that_is_refused_shows(tmp_path: Path) -> None:
    app = create_app((), data_dir=tmp_path)

    async def day() -> list[bool]:
        async with asgi_sender(app, clock=app.state.desk.clock) as sender:
            return [one.went_well for one in await normal_day(f"{ORIGIN}/elsewhere", sender.send)]

    assert not any(asyncio.run(day()))
    app.state.desk.storage.close()
