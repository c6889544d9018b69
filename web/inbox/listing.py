"""The inbox as it is shown: what is late, what is soon, what is later, and what can be taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from engine import deployments, inbox
from engine.host import SYSTEM_ACTOR
from engine.inbox import Slice
from engine.paging import Page
from engine.tables import Task
from processes import access, accounts, organisation
from processes.access import Reader
from processes.swedish_calendar import end_of_day
from web import subjects
from web.current import now, today
from web.dates import Due, clock_time, due, waited
from web.inbox.selection import (
    LATE,
    LATER,
    SOON,
    TO_TAKE,
    Filter,
    Selection,
    count_in_words,
    filters,
    total,
    whose,
)
from web.subjects import Subject
from web.texts import gettext as _

PAGE_SIZE = 50
TO_TAKE_AT_ONCE = 15  # beside one's own tasks; all of them have a list of their own
TAKEN_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Row:
    task: Task
    subject: Subject
    meta: str  # who it comes from, or how long it has waited
    mark: str  # in bold: "för Kanslichefen", "Förvaltningschefen tog den kl 09.55"
    due: Due
    may_take: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    words: str
    count: str
    rows: tuple[Row, ...]
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Listing:
    groups: tuple[Group, ...]
    to_take: Group | None
    more_to_take: str  # address, "" when all are shown
    next: str  # address of the next page
    filters: tuple[Filter, ...]
    mine: int
    late: int
    free: int

    @property
    def is_empty(self) -> bool:
        return not self.groups and self.to_take is None


def listing(session: Session, reader: Reader, selection: Selection) -> Listing:
    slices = inbox.breakdown(
        session,
        assignees=reader.assignees,
        candidates=reader.candidates,
        bounds=[now(), end_of_day(today() + timedelta(days=1))],
        visible=access.visible_tasks(reader),
    )
    shown = [one for one in slices if selection.includes(one, reader)]
    mine = [one for one in shown if whose(one, reader) != TO_TAKE]
    free = [one for one in shown if whose(one, reader) == TO_TAKE]
    writer = _Writer(session, reader)
    own, next_own = writer.own(selection)
    take, more = writer.to_take(selection)
    return Listing(
        groups=tuple(_in_bands(own, mine)),
        to_take=_to_take(take, free),
        more_to_take=selection.address(vem=TO_TAKE) if more and selection.who != TO_TAKE else "",
        next=_address(selection, next_own or (more if selection.who == TO_TAKE else "")),
        filters=tuple(
            filters(selection, slices, reader, _process_names(session), _organ_codes(session))
        ),
        mine=total(mine),
        late=total(one for one in mine if one.band == LATE),
        free=total(free),
    )


class _Writer:
    """Turns tasks into rows, with the names and headings of all of them looked up together."""

    def __init__(self, session: Session, reader: Reader) -> None:
        self.session = session
        self.reader = reader

    def own(self, selection: Selection) -> tuple[list[Row], str]:
        page = self._page(selection, selection.assignees(self.reader), (), PAGE_SIZE)
        return self._rows(page.items), page.next or ""

    def to_take(self, selection: Selection) -> tuple[list[Row], str]:
        """What is free, and on the first page what colleagues took today."""
        candidates = selection.candidates(self.reader)
        alone = selection.who == TO_TAKE
        if not candidates or (selection.cursor and not alone):
            return [], ""
        page = self._page(selection, (), candidates, PAGE_SIZE if alone else TO_TAKE_AT_ONCE)
        taken = [] if selection.cursor or not page.items else self._taken(candidates)
        return self._rows([*page.items, *taken]), page.next or ""

    def _page(
        self,
        selection: Selection,
        assignees: Sequence[str],
        candidates: Sequence[str],
        limit: int,
    ) -> Page[Task]:
        return inbox.page(
            self.session,
            assignees=assignees,
            candidates=candidates,
            role=selection.role or None,
            process=selection.process or None,
            scope=selection.organ or None,
            visible=access.visible_tasks(self.reader),
            limit=limit,
            cursor=selection.cursor or None,
        )

    def _taken(self, candidates: Sequence[str]) -> list[Task]:
        """What somebody else just took, so that two don't ask each other who has it."""
        return inbox.claimed(
            self.session,
            candidates=candidates,
            since=end_of_day(today() - timedelta(days=1)),
            not_by=self.reader.assignees,
            visible=access.visible_tasks(self.reader),
            limit=TAKEN_SHOWN,
        )

    def _rows(self, tasks: Sequence[Task]) -> list[Row]:
        about = subjects.of_keys(self.session, (task.business_key for task in tasks))
        people = [who for task in tasks for who in (task.created_by, task.assignee) if who]
        names = accounts.names(self.session, people)
        return [
            Row(
                task=task,
                subject=about.get(task.business_key or "", subjects.NOTHING),
                meta=self._meta(task, names),
                mark=self._mark(task, names),
                due=due(task.due_at),
                may_take=task.assignee is None,
            )
            for task in tasks
        ]

    def _meta(self, task: Task, names: dict[str, str]) -> str:
        """What can be taken says how long it has waited, one's own who it comes from."""
        if task.assignee not in self.reader.assignees or task.created_by == SYSTEM_ACTOR:
            return waited(task.created_at)
        return _("från %(name)s", name=names.get(task.created_by, task.created_by))

    def _mark(self, task: Task, names: dict[str, str]) -> str:
        if task.assignee is None or task.assignee == self.reader.user_id:
            return ""
        name = names.get(task.assignee, task.assignee)
        if task.assignee in self.reader.assignees:
            return _("för %(name)s", name=name)
        at = clock_time(task.claimed_at) if task.claimed_at else ""
        return _("%(name)s tog den kl %(time)s", name=name, time=at)


def _in_bands(rows: Iterable[Row], slices: list[Slice]) -> Iterable[Group]:
    bounds = (now(), end_of_day(today() + timedelta(days=1)))
    words = {LATE: _("Försenat"), SOON: _("I dag och i morgon"), LATER: _("Senare")}
    sorted_in: dict[int, list[Row]] = {LATE: [], SOON: [], LATER: []}
    for row in rows:
        band = sum(row.task.due_at >= bound for bound in bounds)
        sorted_in[band].append(row)
    for band, found in sorted_in.items():
        if found:
            number = total(one for one in slices if one.band == band)
            yield Group(
                words=words[band],
                count=count_in_words(max(number, len(found))),
                rows=tuple(found),
                late=band == LATE,
            )


def _to_take(rows: list[Row], slices: list[Slice]) -> Group | None:
    if not rows:
        return None
    labels = {row.task.candidate_label for row in rows if row.may_take}
    count = count_in_words(total(slices))
    if len(labels) == 1:
        count = _("%(count)s för %(role)s", count=count, role=labels.pop())
    return Group(words=_("Att ta"), count=count, rows=tuple(rows))


def _address(selection: Selection, cursor: str) -> str:
    return selection.address(fran=cursor) if cursor else ""


def _process_names(session: Session) -> dict[str, str]:
    return deployments.names(session)


def _organ_codes(session: Session) -> frozenset[str]:
    return frozenset(organ.code for organ in organisation.organs(session, today()))
