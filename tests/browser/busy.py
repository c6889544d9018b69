"""A region in the middle of its work: something on every page."""

from __future__ import annotations

import io
import re
from datetime import date

from sqlalchemy.orm import Session

from engine import deployments, drafts, incidents, instances, tasks
from engine.host import Actor
from engine.incidents import Place
from engine.spiff import RunFailed
from processes import cases, records, secrecy
from processes.installation import DIAGRAMS
from processes.records import Direction, NewRecord
from tests.browser.site import Site
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk

OWNER, REGISTRAR = Actor(id="processagare"), Actor(id="registrator_rs")
CHANGED, FAULTY, DEPLOYED_TWICE = "handlaggning", "fordelning", "genomforande"
NEW, BEING_PREPARED, READY, SECRET = (f"RS/{seq}/2026" for seq in (1, 2, 3, 4))
MORE_CASES = 8
LONG = (
    "Motion om en gemensam ordning för länsöverskridande sjukresor, ersättningsnivåer och "
    "biljettsamordning mellan kollektivtrafikmyndigheterna i de norra länen"
)


class Busy:
    """Makes the work, and knows where each page of it is."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.engine = site.product.engine
        self._work()
        self._draw()
        self._fail()

    def _work(self) -> None:
        """Cases at four places on their way, a meeting that is being prepared, a late task."""
        self._start("motion")
        being_prepared, ready = self._start(), self._start()
        for kind in ("fraga_utifran", *["remiss"] * MORE_CASES):
            self._start(kind)
        with self.site.product.database.writing() as session:
            cases.change(session, self.engine, NEW, {"heading": LONG}, actor=REGISTRAR)
            secrecy.mark_case(
                session, self.engine, SECRET, legal_ground="25 kap. 1 §", actor=REGISTRAR,
                public_heading="Fråga",
            )  # fmt: skip
            self.record = self._record(session, BEING_PREPARED)
        answers.allocate(being_prepared, "RS", "RF")
        answers.allocate(ready, "RS")
        answers.plan(being_prepared)
        answers.prepare(ready)
        self.meeting = ready.meeting_id()
        self.site.go_to(date(2026, 2, 27))  # the board's submission day has been
        self.task = being_prepared.task("uppdatera_arendekort").id
        self.free_task = self._task_of(NEW)
        self.review = self._task_of(f"mote:{self.meeting}")

    def _start(self, kind: str = "ansokan") -> Walk:
        walk = Walk(self.engine, self.site.clock)
        walk.start(kind)
        return walk

    def _task_of(self, key: str) -> str:
        """The first open task of that case or meeting."""
        with self.site.product.database.reading() as session:
            return tasks.of_business_key(session, key)[0].id

    def _record(self, session: Session, number: str) -> str:
        stored = self.site.product.files.save(io.BytesIO(b"%PDF-1.4"), "ansokan om bidrag.pdf")
        new = NewRecord(
            direction=Direction.IN, dated_on=date(2026, 2, 2), subject="Ansökan om bidrag",
            sender="Föreningen för länsöverskridande kollektivtrafikresenärer",
        )  # fmt: skip
        added = records.add(session, self.engine, number, new, actor=REGISTRAR, files=[stored])
        return added.id

    def _draw(self) -> None:
        """A draft that can be deployed, one that can't, and a process with two versions."""
        drawn = {
            CHANGED: changed(
                CHANGED, r'(?<=id="slutkontroll" name=")[^"]*', "Kontrollera och lämna in"
            ),
            FAULTY: changed(FAULTY, r'(?<=name="deadline" value=")[^"]*', "snarast möjligt"),
        }
        twice = changed(DEPLOYED_TWICE, r'(?<=id="publicera" name=")[^"]*', "Publicera")
        with self.site.product.database.writing() as session:
            for key, text in drawn.items():
                drafts.save(session, self.engine, key, text, actor=OWNER)
            files = {f"{DEPLOYED_TWICE}.bpmn": twice}
            deployments.deploy(session, self.engine, files, actor=OWNER, comment="Kortare namn")

    def _fail(self) -> None:
        """One case that stands still."""
        with self.site.product.database.writing() as session:
            [instance] = instances.find(
                session, process="arende", business_key=BEING_PREPARED
            ).items
            error = RunFailed("arendets_gang", "Ärendets gång", ValueError("värdet saknas"))
            place = Place(instance_id=instance.id, command={"name": "timer"})
            incidents.open_(session, self.engine, error, place)
            self.instance = instance.id


def changed(key: str, old: str, new: str) -> str:
    """The shipped diagram with the first that fits the pattern replaced."""
    text, count = re.subn(old, new, (DIAGRAMS / f"{key}.bpmn").read_text("utf-8"), count=1)
    assert count, f"nothing in {key} fits {old}"
    return text
