"""What an owner may say to watch's own eyes."""

from dataclasses import dataclass

from apiward.core.settings import setting


@dataclass(frozen=True, slots=True)
class SeeingSettings:
    """Bounds, and who is known. Everything else is learned."""

    own_addresses: tuple[str, ...] = setting(
        (),
        "Addresses and networks from which you yourself work; what comes from there is never taken for a stranger's.",
    )
    own_accounts: tuple[str, ...] = setting(
        (), "Your own accounts (`user:42`, `key:ledger`): you are told when they are used from elsewhere."
    )
    silence_s: int = setting(
        3_600, "Seconds without any request after which silence is told; 0 never tells it.", least=0
    )
    most_callers: int = setting(
        50_000, "Callers that are remembered; who was not heard of for longest is forgotten first.", least=1_000
    )
    off: tuple[str, ...] = setting((), "Detections that are not wanted, by name, such as `service.overload`.")
