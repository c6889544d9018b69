"""The cases that a release leaves to those after it: how each began, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from processes.agenda import Outcome
from tests.processes.paths import answers
from tests.processes.paths.walk import Walk

Part = Callable[[Walk], object]
ASKED = {
    "slag": "pensionarsrad", "till": "pensionarsradet", "fraga": "Er syn?",
    "svar_senast": "2026-02-20",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Journey:
    """`before` has happened when the release is left; `after` is what its successors must do."""

    name: str
    before: Sequence[Part]
    after: Sequence[Part]


def _start(walk: Walk) -> None:
    walk.start()


def _allocate(walk: Walk) -> None:
    answers.allocate(walk, "RS")


def _ask(walk: Walk) -> None:
    answers.plan(walk, [ASKED, {**ASKED, "slag": "sakkunnig", "till": "sakkunnig"}])


def _reply_late(walk: Walk) -> None:
    """One answers, the other is reminded and then gone on without."""
    walk.do("lamna_svar", svar="Bra.")
    walk.wait_until(date(2026, 2, 20))
    walk.wait_until(date(2026, 2, 27))
    walk.do("hantera_uteblivet_svar", motivering="Rådet har inga synpunkter.")


def _write(walk: Walk) -> None:
    answers.update_card(walk)
    answers.write(walk)


def _hand_over(walk: Walk) -> None:
    walk.do("slutkontroll", answers.FINAL_CHECK)


def _decide(walk: Walk) -> None:
    walk.decide(Outcome.DECIDED)


def _decide_what_can_be_appealed(walk: Walk) -> None:
    walk.decide(Outcome.DECIDED, appealable=True)


def _table(walk: Walk) -> None:
    walk.decide(Outcome.TABLED)
    answers.excerpt(walk)


def _gain_legal_force(walk: Walk) -> None:
    walk.send("laga_kraft", [walk.number], {"laga_kraft": "2026-05-20"})


def _finish_but_for_the_archive(walk: Walk) -> None:
    answers.excerpt(walk)
    answers.register_decision(walk)
    answers.dispatch(walk)
    answers.carry_out(walk)
    answers.close(walk)


def _delegate(walk: Walk) -> None:
    walk.do("fordela_arende", answers.ON_DELEGATION)
    walk.do("ange_beslutanderatt", slag="inkop", punkt="3.2", undantag="inget")
    answers.plan(walk)
    answers.update_card(walk)
    answers.write(walk)
    walk.do(
        "uppratta_delegationsbeslut", delegat="delegat", beslut="Avtalet godkänns.",
        skal="Upphandlingen är klar.", overklagande="laglighetsprovning",
    )  # fmt: skip


def _sign(walk: Walk) -> None:
    walk.do("javskontroll", jav="nej")
    walk.do("underteckna_beslut", beslut="undertecknas", bekraftelse=True)


def _send_out(walk: Walk) -> None:
    walk.do("sand_beslut", skickat=True)
    walk.do("diariefor_beslut")
    walk.do("ge_kopia", lamnad=True)
    walk.do("underratta_berorda", underrattade="Leverantören, per brev.")


def _answer_only(walk: Walk) -> None:
    walk.do("fordela_arende", answers.ONLY_ANSWERED)


def _reply(walk: Walk) -> None:
    walk.do("besvara_fragan", svar="Ja, det går bra.", sant_med="e-post", skickat=True)
    answers.close(walk)


def _withdraw(walk: Walk) -> None:
    walk.withdraw()


def _write_off(walk: Walk) -> None:
    walk.do("skriv_av", beslutat_av="Regionstabschefen, punkt 1.4")
    answers.close(walk)


READY = (_start, _allocate, answers.plan, _write, _hand_over)
TO_THE_END = (answers.finish,)

JOURNEYS = (
    Journey(
        name="to be allocated",
        before=(_start,),
        after=(*READY[1:], _decide, *TO_THE_END),
    ),
    Journey(
        name="others are asked",
        before=(_start, _allocate, _ask),
        after=(_reply_late, _write, _hand_over, _decide, *TO_THE_END),
    ),
    Journey(name="waits for its meeting", before=READY, after=(_decide, *TO_THE_END)),
    Journey(name="tabled", before=(*READY, _table), after=(_decide, *TO_THE_END)),
    Journey(name="decided", before=(*READY, _decide), after=TO_THE_END),
    Journey(
        name="waits for legal force",
        before=(*READY, _decide_what_can_be_appealed, _finish_but_for_the_archive),
        after=(_gain_legal_force, answers.archive),
    ),
    Journey(name="to be signed", before=(_start, _delegate), after=(_sign, _send_out)),
    Journey(
        name="to be answered",
        before=(_start, _answer_only),
        after=(_reply, answers.archive),
    ),
    Journey(
        name="withdrawn",
        before=(_start, _allocate, _ask, _withdraw),
        after=(_write_off, answers.archive),
    ),
)
