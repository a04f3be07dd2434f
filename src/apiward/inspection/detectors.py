"""Every detector, in the order in which they are asked: cheap and sure ones first."""

from typing import Final

from apiward.inspection.attacks import (
    code,
    encoding,
    header,
    include,
    ldap,
    lookup,
    markup,
    nosql,
    path,
    prototype,
    script,
    serialized,
    shell,
    sql,
    target,
    template,
    xml,
    xpath,
)
from apiward.inspection.model import Detector

DETECTORS: Final[tuple[Detector, ...]] = (
    lookup.DETECTOR,
    include.DETECTOR,
    xml.DETECTOR,
    prototype.DETECTOR,
    encoding.DETECTOR,
    markup.DETECTOR,
    sql.DETECTOR,
    serialized.DETECTOR,
    nosql.DETECTOR,
    template.DETECTOR,
    code.DETECTOR,
    script.DETECTOR,
    path.DETECTOR,
    target.DETECTOR,
    header.DETECTOR,
    ldap.DETECTOR,
    xpath.DETECTOR,
    shell.DETECTOR,
)
