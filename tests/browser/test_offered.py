"""The editor offers what the gate lets through, all of it and nothing else.

What that is stands in the table of docs/bpmn.md, row by row, with a diagram for each.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree
from playwright.sync_api import Browser, Locator, Page, expect

from engine.gate import check
from engine.gate.model import BPMN, EVENTS, FLOW_NODES, is_bpmn, local
from tests.browser.alone import open_editor, saved
from tests.engine.gate.elements import ELEMENTS
from tests.engine.gate.judging import CONTEXT
from tests.engine.gate.test_documentation import SAID
from web.definitions import blank

Sign = tuple[str, ...]
OF_THE_PROCESS = {("ioSpecification",)}
BESIDE = {
    "participant", "lane", "messageFlow", "group", "textAnnotation", "association",
    "dataObjectReference", "dataStoreReference", "ioSpecification", "correlationProperty",
    "choreography",
}  # fmt: skip
MARKS = ("triggeredByEvent", "isForCompensation", "instantiate", "parallelMultiple")
NAMED_OTHERWISE = {"dataObject": "dataObjectReference"}


def signs(bpmn: str) -> set[Sign]:
    """What kinds of elements a file holds, and what makes each of them special."""
    root = etree.fromstring(bpmn.encode())
    found = {sign for element in root.iter() if is_bpmn(element) for sign in _signs(element)}
    activities = {
        element.get("id")
        for element in root.iter()
        if is_bpmn(element) and local(element) in FLOW_NODES - EVENTS
        and not local(element).endswith("Gateway")
    }  # fmt: skip
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        if flow.get("sourceRef") in activities and len(flow):
            found.add(("sequenceFlow", "condition"))
    return found


def _signs(element: etree._Element) -> Iterator[Sign]:
    kind = NAMED_OTHERWISE.get(local(element), local(element))
    if kind in BESIDE:
        yield (kind,)
    if kind not in FLOW_NODES:
        return
    children = [local(child) for child in element if is_bpmn(child)]
    triggers = sorted(name for name in children if name.endswith("EventDefinition"))
    marks = [mark for mark in MARKS if element.get(mark) == "true"]
    beside = ["goes on"] if element.get("cancelActivity") == "false" else []
    yield (kind, *triggers, *marks, *beside)
    for child in element:
        if is_bpmn(child) and local(child).endswith("LoopCharacteristics"):
            way = "sequential" if child.get("isSequential") == "true" else "parallel"
            yield (local(child), *([way] if local(child).startswith("multi") else []))


def _drawn(*here: str) -> set[Sign]:
    rows = [name for name, (said, _remark) in SAID.items() if said in here]
    return {sign for name in rows for text in _diagrams(name) for sign in signs(text)}


def _diagrams(name: str) -> list[str]:
    return [text for file, text in ELEMENTS[name].files.items() if file.endswith(".bpmn")]


RUNS = _drawn("runs", "mended")
REFUSED = _drawn("refused") - RUNS

# Everything that the panel and the pad offer for every element, done, seen and undone.
_WALK = """async () => {
  const { modeler } = window.arendegang;
  const get = name => modeler.get(name);
  const selection = get('selection'), registry = get('elementRegistry');
  const stack = get('commandStack');
  const field = id => document.getElementById(`egenskap-${id}`);
  const values = id => [...field(id)?.options ?? []].map(each => each.value);
  const seen = [];
  const look = async () => seen.push((await modeler.saveXML()).xml);
  const choose = id => selection.select(registry.get(id));
  const change = (id, value) => {
    const input = field(id);
    if (input.type === 'checkbox') input.checked = value; else input.value = value;
    input.dispatchEvent(new Event('change'));
  };
  async function done(act) {
    const before = stack._stackIdx;
    act();
    await look();
    while (stack._stackIdx > before) stack.undo();
  }
  const problems = [];
  const menu = element => {
    const popup = get('popupMenu');
    if (popup.isEmpty(element, 'bpmn-replace')) return [];
    popup.open(element, 'bpmn-replace', { x: 0, y: 0, cursor: { x: 0, y: 0 } });
    const entries = [...document.querySelectorAll('.djs-popup-results .entry')];
    const shown = entries.map(entry => entry.dataset.id);
    popup.close();
    return shown;
  };
  const drawn = registry.filter(each => each.type !== 'label' && each.parent);
  for (const { id } of drawn.map(each => ({ id: each.id }))) {
    choose(id);
    const kinds = values('slag').slice(1);
    const offered = menu(registry.get(id));
    if (kinds.length && offered.join() !== kinds.join()) problems.push([id, offered, kinds]);
    if (!kinds.length) for (const entry of offered) {
      const own = get('popupMenu');
      own.open(registry.get(id), 'bpmn-replace', { x: 0, y: 0, cursor: { x: 0, y: 0 } });
      await done(() => own.trigger(new MouseEvent('click'), own._current.entries[entry]));
    }
    for (const kind of kinds) { choose(id); await done(() => change('slag', kind)); }
    choose(id);
    for (const way of values('upprepning')) {
      choose(id);
      await done(() => change('upprepning', way));
    }
    choose(id);
    if (field('avbryter')) await done(() => change('avbryter', false));
    choose(id);
    if (field('villkor')) await done(() => change('villkor', 'ja == True'));
    const pad = get('contextPad').getEntries(registry.get(id));
    for (const name of Object.keys(pad).filter(each => /^(append|lane)/.test(each))) {
      choose(id);
      await done(() => pad[name].action.click({}, registry.get(id)));
    }
  }
  return { seen, problems };
}"""

_ACT = """([way, ...rest]) => {
  const { modeler } = window.arendegang;
  const registry = modeler.get('elementRegistry'), selection = modeler.get('selection');
  const before = new Set(registry.getAll().map(each => each.id));
  const isNew = each => !before.has(each.id) && each.type !== 'label';
  const made = () => registry.getAll().find(isNew)?.id;
  if (way === 'tool') {
    const [tool, on] = rest;
    selection.select(on ? registry.get(on) : null);
    document.querySelector(`[data-tool=${tool}]`).click();
  } else if (way === 'become') {
    const [id, kind] = rest;
    selection.select(registry.get(id));
    const field = document.getElementById('egenskap-slag');
    field.value = kind;
    if (field.value !== kind) throw new Error(`${kind} is not offered`);
    field.dispatchEvent(new Event('change'));
    return id;
  } else if (way === 'join') {
    const [source, target] = rest.map(id => registry.get(id));
    const allowed = modeler.get('rules').allowed('connection.create', { source, target });
    if (!allowed) throw new Error(`${rest} may not be joined`);
    modeler.get('modeling').connect(source, target, allowed);
  } else if (way === 'into') {
    const [type, parent] = rest;
    const within = registry.get(parent);
    const shape = modeler.get('elementFactory').createShape({ type });
    const place = { x: (within.x ?? 0) + 60, y: (within.y ?? 0) + 60 };
    return modeler.get('modeling').createShape(shape, place, within).id;
  }
  return made();
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert not faults


def act(page: Page, *what: str) -> str:
    made: str = page.evaluate(_ACT, list(what))
    return made


def drawn_by_hand(page: Page) -> str:
    """One element of every kind that has a menu of its own; where each is, by what it is."""
    open_editor(page, blank.diagram("prov", "Prov"))
    task = act(page, "tool", "uppgift", "forsta_uppgiften")
    inner = act(page, "tool", "delprocess", "forsta_uppgiften")
    safe = act(page, "tool", "delprocess", inner)
    act(page, "become", safe, "replace-with-transaction")
    for within in (inner, safe):
        for kind in ("StartEvent", "EndEvent"):
            act(page, "into", f"bpmn:{kind}", within)
    for host in (task, safe):
        act(page, "tool", "kant", host)
    for tool in ("vagval", "handelse", "vanta"):
        act(page, "tool", tool, task)
    race = act(page, "tool", "vagval", task)
    act(page, "become", race, "replace-with-event-based-gateway")
    act(page, "join", task, "klart")
    for tool in ("data", "grupp", "anteckning", "pool"):
        act(page, "tool", tool)
    other = act(page, "tool", "pool")
    act(page, "join", other, task)
    return saved(page)


@pytest.mark.timeout(120)
def test_the_editor_offers_what_runs_and_nothing_that_is_refused(page: Page) -> None:
    drawn = drawn_by_hand(page)
    refused = {finding.code for finding in check({"prov.bpmn": drawn}, CONTEXT) if finding.refuses}
    assert refused & {"schema", "unsupported", "unsupported_event"} == set()
    found = page.evaluate(_WALK)
    assert found["problems"] == []
    offered = set().union(*(signs(xml) for xml in {drawn, *found["seen"]}))
    assert sorted(REFUSED & offered) == []
    assert sorted(RUNS - offered - OF_THE_PROCESS) == []


def test_what_a_called_process_is_given_and_gives_is_written_in_the_panel(page: Page) -> None:
    open_editor(page, blank.diagram("prov", "Prov"))
    panel = page.locator("#egenskaper")
    panel.get_by_label("Får när den anropas").fill("dnr, organ")
    panel.get_by_label("Ger tillbaka").fill("beslut")
    panel.get_by_label("Processens namn").fill("Prov två")
    panel.get_by_label("Vad processen är till för").fill("Att prövas.")
    page.keyboard.press("Tab")
    xml = saved(page)
    assert signs(xml) >= OF_THE_PROCESS
    process = etree.fromstring(xml.encode()).find(f"{{{BPMN}}}process")
    assert process is not None
    assert process.get("name") == "Prov två"
    listed = [found.get("name") for found in process.iter() if local(found).startswith("data")]
    assert [name for name in listed if name] == ["dnr", "organ", "beslut"]
    refusals = [found for found in check({"prov.bpmn": xml}, CONTEXT) if found.refuses]
    assert {found.code for found in refusals} <= {"no_role"}
    panel.get_by_label("Ger tillbaka").fill("forsta_uppgiften")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("alert")).to_contain_text("finns redan")


def test_what_is_written_by_name_is_declared_once_and_gone_when_nobody_means_it(
    page: Page,
) -> None:
    open_editor(page, blank.diagram("prov", "Prov"))
    panel = page.locator("#egenskaper")
    first = act(page, "tool", "handelse", "forsta_uppgiften")
    second = act(page, "tool", "vanta", "forsta_uppgiften")
    act(page, "become", first, "replace-with-signal-intermediate-throw")
    _write(panel, "Signal", "klart")
    act(page, "become", second, "replace-with-signal-intermediate-catch")
    assert _suggested(panel, "Signal") == ["klart"]
    _write(panel, "Signal", "klart")
    assert _declared(page, "signal") == ["klart"]
    _write(panel, "Signal", "färdigt")
    assert _declared(page, "signal") == ["klart", "färdigt"]
    act(page, "become", first, "replace-with-message-intermediate-throw")
    _write(panel, "Meddelande", "klart")
    act(page, "become", second, "replace-with-signal-intermediate-throw")
    _write(panel, "Signal", "klart")
    assert _declared(page, "signal") == ["klart"]
    page.evaluate("() => window.arendegang.modeler.get('commandStack').undo()")
    assert "färdigt" in _declared(page, "signal")
    saved_ids = [each.get("id") for each in etree.fromstring(saved(page).encode()).iter()]
    assert len(saved_ids) - saved_ids.count(None) == len(set(saved_ids) - {None})


def test_what_is_chosen_is_taken_away_and_brought_back_without_a_mouse(page: Page) -> None:
    open_editor(page, blank.diagram("prov", "Prov"))
    status = page.locator("#editor-status")
    act(page, "tool", "tabort")
    expect(status).to_contain_text("Välj först")
    act(page, "tool", "tabort", "forsta_uppgiften")
    expect(status).to_contain_text("Borttaget")
    expect(page.locator("#steg")).not_to_contain_text("Första uppgiften")
    assert ("userTask",) not in signs(saved(page))
    act(page, "tool", "angra")
    assert ("userTask",) in signs(saved(page))


def test_what_a_folded_subprocess_holds_is_drawn_too(page: Page) -> None:
    open_editor(page, blank.diagram("prov", "Prov"))
    act(page, "become", "forsta_uppgiften", "replace-with-collapsed-subprocess")
    page.locator(".bjs-drilldown").click()
    expect(page.locator("#egenskaper")).to_contain_text("Välj ett steg")
    begun = page.evaluate(_ACT, ["into", "bpmn:StartEvent", "forsta_uppgiften_plane"])
    act(page, "tool", "uppgift", begun)
    page.locator("#egenskaper").get_by_label("Namn", exact=True).fill("Inre")
    page.keyboard.press("Tab")
    expect(page.locator("#steg")).to_contain_text("Inre")
    root = etree.fromstring(saved(page).encode())
    assert root.find(f".//{{{BPMN}}}subProcess/{{{BPMN}}}userTask") is not None


def _write(panel: Locator, label: str, text: str) -> None:
    panel.get_by_label(label, exact=True).fill(text)
    panel.get_by_label(label, exact=True).press("Tab")


def _suggested(panel: Locator, label: str) -> list[str]:
    found: list[str] = panel.get_by_label(label, exact=True).evaluate(
        "input => [...input.list.options].map(each => each.value)"
    )
    return found


def _declared(page: Page, kind: str) -> list[str]:
    root = etree.fromstring(saved(page).encode())
    return [each.get("name", "") for each in root.iter(f"{{{BPMN}}}{kind}")]
