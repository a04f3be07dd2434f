"""All detections, in the order in which they look."""

from typing import Final

from apiward.watch.correlator import Rule
from apiward.watch.detections.accounts.cracking import Cracking
from apiward.watch.detections.accounts.device import Device
from apiward.watch.detections.accounts.dormant import Dormant
from apiward.watch.detections.accounts.key_sharing import KeySharing
from apiward.watch.detections.accounts.own_elsewhere import OwnElsewhere
from apiward.watch.detections.accounts.privilege import Privilege
from apiward.watch.detections.accounts.spraying import Spraying
from apiward.watch.detections.accounts.stuffing import Stuffing
from apiward.watch.detections.accounts.takeover import Takeover
from apiward.watch.detections.accounts.token_theft import TokenTheft
from apiward.watch.detections.accounts.travel import Travel
from apiward.watch.detections.attacks.injection import Injection
from apiward.watch.detections.attacks.inward import Inward
from apiward.watch.detections.data.export import Export
from apiward.watch.detections.data.leak import Leak
from apiward.watch.detections.data.scraping import Scraping
from apiward.watch.detections.flow.skipped import Skipped
from apiward.watch.detections.functions.opened import Opened
from apiward.watch.detections.functions.probing import FunctionProbing
from apiward.watch.detections.inventory.retired import Retired
from apiward.watch.detections.inventory.shadow_probing import ShadowProbing
from apiward.watch.detections.money.carding import Carding
from apiward.watch.detections.money.codes import Codes
from apiward.watch.detections.money.coupons import Coupons
from apiward.watch.detections.money.scalping import Scalping
from apiward.watch.detections.objects.enumeration import Enumeration
from apiward.watch.detections.objects.foreign import Foreign
from apiward.watch.detections.objects.slow import Slow
from apiward.watch.detections.service.clock import ClockJump
from apiward.watch.detections.service.errors import Errors
from apiward.watch.detections.service.overload import Overload
from apiward.watch.detections.service.silence import Silence

DETECTIONS: Final[tuple[Rule, ...]] = (
    Cracking,
    Device,
    Dormant,
    KeySharing,
    OwnElsewhere,
    Privilege,
    Spraying,
    Stuffing,
    Takeover,
    TokenTheft,
    Travel,
    Enumeration,
    Foreign,
    Slow,
    Opened,
    FunctionProbing,
    Export,
    Leak,
    Scraping,
    Carding,
    Codes,
    Coupons,
    Scalping,
    Skipped,
    Retired,
    ShadowProbing,
    Injection,
    Inward,
    ClockJump,
    Errors,
    Overload,
    Silence,
)
