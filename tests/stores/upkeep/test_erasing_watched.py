from dataclasses import replace

import pytest
from sqlalchemy import Engine

from apiward.core.incident import Moment, MomentKind
from apiward.core.watching import KeptEvidence, WatchStep
from apiward.stores.record.reading import read_audit
from apiward.stores.upkeep.erasing import Erased, erase
from tests.stores.events.made import NOW_S
from tests.stores.record.made import looked
from tests.stores.watching.made import INCIDENT, SEEN, contents, watch


def gone(engine: Engine, subject: str) -> Erased:
    return erase(engine, subject, by="owner:root", now_s=NOW_S, random_bytes=bytes)


def test_who_it_was_is_gone_from_incidents_and_from_the_words_on_them(engine: Engine) -> None:
    said = Moment(NOW_S, MomentKind.NOTE, "user:7 called, user:77 did not. user:7.", "user:7")
    seen = replace(SEEN, who="user:7", touched=("user:7", "user:77"), facts=(("whom", "user:7"),))
    incident = replace(INCIDENT, who="user:7", touched=("user:7",), timeline=(said,))
    watch(engine).commit(WatchStep(detections=[("4f2a", seen)], incidents=[incident, replace(INCIDENT, id="2")]))
    upto = watch(engine).incidents_after(0).upto
    assert gone(engine, "user:7").watched == 4
    kept = str(contents(engine))
    assert "user:7'" not in kept.replace(" ", "'").replace(".", "'")
    assert "user:77 did not. erased:" in kept
    assert gone(engine, "user:7").watched == 0
    assert [one.who[:7] for one in watch(engine).incidents_after(upto).incidents] == ["erased:"]


@pytest.mark.parametrize(("subject", "named"), [("user:7", "user:7"), ("address:192.0.2.9", "192.0.2.9")])
def test_the_words_of_the_audit_record_on_an_incident_go_too(engine: Engine, subject: str, named: str) -> None:
    moments = tuple(
        Moment(NOW_S + at, MomentKind.SEEN, said) for at, said in enumerate((f"By {named}.", f"By {named}1."))
    )
    watch(engine).commit(WatchStep(incidents=[replace(INCIDENT, timeline=moments)]))
    assert gone(engine, subject).entries == 1
    with engine.connect() as connection:
        first, second, erasure = [entry for _, entry in read_audit(connection)]
    assert (first.is_erased, second.is_erased, erasure.is_erased) == (True, False, False)
    assert looked(engine).flaws == ()


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_an_address_is_gone_by_itself_as_well(engine: Engine, address: str) -> None:
    incident = replace(
        INCIDENT, who=f"address:{address}", timeline=(Moment(NOW_S, MomentKind.SEEN, f"From {address}."),)
    )
    other = replace(incident, id="2", who=f"address:{address}7", timeline=())
    watch(engine).commit(WatchStep(incidents=[incident, other]))
    assert gone(engine, f"address:{address}").watched == 2
    kept = watch(engine).incident("4f2a")
    assert kept is not None
    assert address not in f"{kept.who} {kept.timeline}"
    assert (watch(engine).incident("2") or incident).who == f"address:{address}7"


def test_evidence_is_left_and_told_of(engine: Engine) -> None:
    bodies = (b'{"who": "user:7"}', b'{"who": "user:70"}')
    evidence = [KeptEvidence(str(at), "incident:4f2a", "bundle", NOW_S, "", "", body) for at, body in enumerate(bodies)]
    watch(engine).keep_evidence(evidence)
    assert gone(engine, "user:7").evidence == 1
    assert list(watch(engine).evidence("incident:4f2a")) == evidence
