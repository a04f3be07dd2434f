"""All detections, in the order in which they look."""

from typing import Final

from apiward.watch.correlator import Rule
from apiward.watch.detections.accounts.stuffing import Stuffing
from apiward.watch.detections.accounts.token_theft import TokenTheft
from apiward.watch.detections.data.scraping import Scraping
from apiward.watch.detections.inventory.shadow_probing import ShadowProbing
from apiward.watch.detections.objects.enumeration import Enumeration
from apiward.watch.detections.objects.foreign import Foreign

DETECTIONS: Final[tuple[Rule, ...]] = (
    Stuffing,
    TokenTheft,
    Foreign,
    Enumeration,
    Scraping,
    ShadowProbing,
)
