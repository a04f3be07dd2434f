"""The commands below `guard`, `allow` and `block`: where each stands, and what help says of it in one line."""

from typing import Final

GUARD: Final = {
    "status": ("apiward.cli.guard_status", "what runs, what is ready, what would be refused, and how often"),
    "autopilot": ("apiward.cli.guard_autopilot", "let the guard switch by itself what is ready, or stop that"),
}
ALLOW: Final = {
    "list": ("apiward.cli.allow_list", "what is let through, by whom, and until when"),
    "remove": ("apiward.cli.allow_remove", "take an exclusion back"),
}
BLOCK: Final = {
    "list": ("apiward.cli.block_list", "who and what is shut out, why, and until when"),
    "undo": ("apiward.cli.block_undo", "let in again, in one step"),
}
