"""CFG06: files that are left on the server by mistake are open to everybody (CWE-538, CWE-548, OWASP API8:2023).

Proves: the content has the form of such a file, and a made-up name of the same form beside it gave something else.
A list of the files of a folder alone is told as likely: some are meant to be seen. Cannot: find files with other names.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs import looked_at, open_places
from apiward.scan.proofs.file_kinds import FILES, LISTING
from apiward.scan.scene import Scene

CODE = "CFG06"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for the usual names, and for a made-up one beside each that seems to be there."""
    looked = await open_places.find_open(scene, FILES)
    if not looked.found:
        return looked.none(Saying(CODE, operation.key), "no file that is often left behind was there")
    is_sure = any(one.what != LISTING for one in looked.found)
    return open_places.told(CODE, looked.found, confidence=Confidence.PROVED if is_sure else Confidence.LIKELY)


CHECK = Check(CODE, applies, run)
