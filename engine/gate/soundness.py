"""That a process comes to its end: no join waits in vain, no round grows or lasts for ever.

Every order of what can happen is tried on each level. What has too many orders to be tried isn't
known to be right, and is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.gate.finding import Finding
from engine.gate.model import Process, Scope
from engine.gate.rule import Findings, error
from engine.gate.tokens import Marking, Net, Place, moved
from engine.texts import gettext as _

MOST_MOVES = 300_000  # of single tokens; about a second
MANY = 4  # tokens in one place; more are not told apart


def sound(process: Process) -> Findings:
    for scope in process.scopes:
        found = list(_level(process, scope))
        yield from found
        if any(finding.code == "tangled" for finding in found):
            return  # the rest would take as long, one after the other


def _level(process: Process, scope: Scope) -> Findings:
    net = Net(scope)
    # One token at a time shows every deadlock with few markings, but for two things: a token
    # that goes round may hide that another would have ended all, and an inclusive join may
    # pass before or after a late token. Then every order is tried.
    tried = Exploration(net).run()
    hangs = tried.hangs_on_order or (net.may_end_all and (tried.growing or tried.endless))
    if hangs and not tried.unfinished:
        tried = Exploration(net, every_order=True).run()
    if tried.growing:
        yield _multiplies(process, scope, tried.growing)
        return
    for join, missing in tried.stuck.items():
        yield _deadlock(process, net, join, missing)
    if tried.stuck:
        return
    if tried.unfinished:
        yield tangled(process, scope)
    elif tried.endless:
        yield error(
            process,
            tried.endless,
            "endless",
            _(
                "Från %(node)s kan flödet aldrig komma till ett slut. Dra en väg ut.",
                node=scope.nodes[tried.endless].label,
            ),
        )


def _multiplies(process: Process, scope: Scope, key: str) -> Finding:
    return error(
        process,
        key,
        "multiplies",
        _(
            "Flödet delar sig för varje varv genom %(node)s och växer utan gräns. Vänta in "
            "grenarna i ett vägval av samma slag innan flödet går tillbaka.",
            node=scope.nodes[key].label,
        ),
    )


def _deadlock(process: Process, net: Net, key: str, missing: str) -> Finding:
    join = net.scope.nodes[key]
    if join.type == "inclusiveGateway":
        message = _(
            "%(join)s väntar på vägen från %(missing)s, som i sin tur väntar på %(join)s, och "
            "då blir ärendet stående. Låt grenarna mötas i ett vägval i taget.",
            join=join.label,
            missing=net.scope.nodes[missing].label,
        )
    else:
        message = _(
            "%(join)s väntar in alla sina vägar, men den från %(missing)s kan utebli, och då "
            "blir ärendet stående. Låt alla vägar leda dit, eller byt det till ”Vägval: en "
            "väg”, eller till ”Vägval: en eller flera vägar” om flera kan pågå samtidigt.",
            join=join.label,
            missing=net.scope.nodes[missing].label,
        )
    return error(process, key, "deadlock", message)


def tangled(process: Process, scope: Scope) -> Finding:
    return error(
        process,
        scope.id,
        "tangled",
        _(
            "Grenarna kan gå vidare i fler ordningar än som går att kontrollera, så det är inte "
            "säkert att ärendet når sitt slut. Lägg grenar som pågår samtidigt i egna "
            "delprocesser, med allt som hör till en gren inuti."
        ),
    )


@dataclass(kw_only=True)
class Tried:
    stuck: dict[str, str] = field(default_factory=dict)  # a join, and whence nothing may come
    growing: str = ""  # where one token too many stood
    endless: str = ""  # where a token stands that no order takes to the end
    hangs_on_order: bool = False
    unfinished: bool = False


class Exploration:
    """All that can come of a level's start: one token at a time, or in every order."""

    def __init__(self, net: Net, *, every_order: bool = False) -> None:
        self.net = net
        self.every_order = every_order
        self.tried = Tried()
        self.before: dict[Marking, list[Marking]] = {}
        self.moves = 0

    def run(self) -> Tried:
        ahead = self.net.start()
        self.before = {marking: [] for marking in ahead}
        while ahead:
            marking = ahead.pop()
            for each in self.following(marking):
                self.moves += len(each) + 1
                if each not in self.before:
                    self.before[each] = []
                    ahead.append(each)
                self.before[each].append(marking)
            self.tried.unfinished = self.moves > MOST_MOVES
            if self.tried.growing or self.tried.unfinished:
                return self.tried
        self.tried.endless = self._endless()
        return self.tried

    def following(self, marking: Marking) -> Iterator[Marking]:
        if not marking:
            return
        waiting = {place.node: None for place in marking if self.net.waits(place)}
        found: list[Marking] = []
        for key in waiting:
            self.moves += len(marking)
            passed = self.net.passed(marking, key)
            early = bool(passed) and self.net.may_pass_early(marking, key)
            self.tried.hangs_on_order |= early
            found += passed
            if passed and not early and not self.every_order:
                break  # whatever else happens, this does
        else:
            found += self._moved_by_one(marking)
        if not found:
            for key in waiting:
                flow = min(self.net.missing(marking, key))
                self.tried.stuck.setdefault(key, self.net.source(flow).id)
        yield from map(self.bounded, found)

    def _moved_by_one(self, marking: Marking) -> list[Marking]:
        """The moves of those that wait for no other: all of them, or those of the first."""
        found: list[Marking] = []
        free = [place for place in dict.fromkeys(marking) if not self.net.waits(place)]
        if free and not self.every_order:
            # Branch by branch: what each has come to is then known before the next is begun.
            free = [min(free, key=lambda place: self.net.order[place.node])]
        for place in free:
            rest = list(marking)
            rest.remove(place)
            found += [moved(rest, option) for option in self.net.options(place)]
        return found

    def bounded(self, marking: Marking) -> Marking:
        """Many in one place are like few, as long as they don't go round."""
        if len(marking) <= MANY:
            return marking
        counts = Counter(marking)
        crowded = [place for place, count in counts.items() if count > MANY]
        if not crowded:
            return marking
        round_ = next((place.node for place in crowded if self.net.goes_round(place.node)), "")
        self.tried.growing = self.tried.growing or round_
        return tuple(_thinned(counts))

    def _endless(self) -> str:
        """Where a token stands that no order takes to the end."""
        lasting = [place.node for place in self.without_end()]
        return next(filter(self.net.goes_round, lasting), lasting[0] if lasting else "")

    def without_end(self) -> list[Place]:
        """The places of markings from which the empty one, where all is done, is never reached."""
        ending: set[Marking] = set()
        ahead: list[Marking] = [()]
        while ahead:
            marking = ahead.pop()
            if marking not in ending:
                ending.add(marking)
                ahead += self.before.get(marking, [])
        return [place for marking in self.before if marking not in ending for place in marking]


def _thinned(counts: Counter[Place]) -> Iterator[Place]:
    for place in sorted(counts):
        for _n in range(min(counts[place], MANY)):
            yield place
