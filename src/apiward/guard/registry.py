"""All stages in the order in which they judge, and how they are built."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from apiward.guard.stage import Factory, Parts, Stage, StageName
from apiward.guard.stages.authenticate import Authenticate
from apiward.guard.stages.conceal import Conceal
from apiward.guard.stages.conduct import Conduct
from apiward.guard.stages.flood import Flood
from apiward.guard.stages.harden import Harden
from apiward.guard.stages.inspect import Inspect
from apiward.guard.stages.learn import Learn
from apiward.guard.stages.minimise import Minimise
from apiward.guard.stages.objects import Objects
from apiward.guard.stages.origin import Origin
from apiward.guard.stages.patches import Patches
from apiward.guard.stages.permit import Permit
from apiward.guard.stages.protocol import Protocol
from apiward.guard.stages.quota import Quota
from apiward.guard.stages.route import Route
from apiward.guard.stages.shape import Shape

STAGES: Final[Mapping[StageName, Factory]] = MappingProxyType(
    {
        StageName.PROTOCOL: Protocol,
        StageName.ORIGIN: Origin,
        StageName.FLOOD: Flood,
        StageName.AUTHENTICATE: Authenticate,
        StageName.QUOTA: Quota,
        StageName.ROUTE: Route,
        StageName.PERMIT: Permit,
        StageName.SHAPE: Shape,
        StageName.INSPECT: Inspect,
        StageName.CONDUCT: Conduct,
        StageName.OBJECTS: Objects,
        StageName.PATCHES: Patches,
        StageName.LEARN: Learn,
        StageName.MINIMISE: Minimise,
        StageName.CONCEAL: Conceal,
        StageName.HARDEN: Harden,
    }
)


def build_stages(settings: Mapping[StageName, object], parts: Parts) -> tuple[Stage, ...]:
    """Return all stages, each built with its settings; raises ValueError where settings do not fit the API."""
    return tuple(make(settings[name], parts) for name, make in STAGES.items())
