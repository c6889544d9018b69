"""The process editor as a process owner uses it: tools, picture, panel, list and buttons."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.browser.filling import words

# Where on the screen an arrow can be hit, nearest the middle of its longest part: a label may lie
# on it. It is scrolled to first.
_ON_ARROW = """([source, words]) => {
  const { modeler } = window.arendegang;
  const canvas = modeler.get('canvas');
  const flow = modeler.get('elementRegistry').get(source).outgoing
    .find(each => (each.businessObject.name || '') === words);
  const parts = flow.waypoints.slice(1).map((end, n) => [flow.waypoints[n], end]);
  const long = ([a, b]) => Math.hypot(a.x - b.x, a.y - b.y);
  const [a, b] = parts.sort((one, other) => long(other) - long(one))[0];
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  canvas.zoom(1, middle);
  canvas.scroll({
    dx: canvas.viewbox().x + canvas.viewbox().width / 2 - middle.x,
    dy: canvas.viewbox().y + canvas.viewbox().height / 2 - middle.y,
  });
  const view = canvas.viewbox();
  const place = canvas.getContainer().getBoundingClientRect();
  const at = part => ({
    x: place.x + a.x + (b.x - a.x) * part - view.x,
    y: place.y + a.y + (b.y - a.y) * part - view.y,
  });
  const top = ({ x, y }) => document.elementFromPoint(x, y)?.closest('[data-element-id]');
  return [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8].map(at)
    .find(point => top(point)?.dataset.elementId === flow.id);
}"""


class Drawing:
    """One process opened in the editor."""

    def __init__(self, page: Page, key: str) -> None:
        self.page = page
        page.goto(f"/processer/{key}/redigera")
        page.locator("#ritytan[data-ready=true]").wait_for()

    def tool(self, name: str) -> Locator:
        return self.page.locator("#verktyg").get_by_role("button", name=name, exact=True)

    def put_on_arrow(self, tool: str, source: str, words: str = "") -> None:
        """A shape dropped on the arrow with those words comes between what the arrow joined."""
        place = self.page.evaluate(_ON_ARROW, [source, words])
        self.tool(tool).click()
        self.page.mouse.move(place["x"] + 3, place["y"] + 3, steps=4)
        self.page.mouse.move(place["x"], place["y"], steps=2)
        self.page.mouse.down()
        self.page.mouse.up()

    def choose(self, step: str) -> None:
        """By the list of steps, the keyboard's way to what the picture shows."""
        steps = self.page.locator("section", has=self.page.locator("#alla-steg"))
        steps.get_by_role("button", name=step, exact=True).click()

    def append(self, tool: str) -> None:
        """With the keyboard: after the step that is chosen."""
        self.tool(tool).focus()
        self.page.keyboard.press("Enter")

    def add(self, tool: str, facts: Mapping[str, str | bool]) -> None:
        self.append(tool)
        self.describe(facts)

    def describe(self, facts: Mapping[str, str | bool]) -> None:
        """Fill in the chosen step's panel."""
        panel = self.page.locator("#egenskaper")
        for label, value in facts.items():
            field = panel.get_by_label(words(label))
            if isinstance(value, bool):
                field.set_checked(value)
            elif field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
                field.press("Tab")

    def press(self, button: str) -> None:
        self.page.locator(".editor-bar").get_by_role("button", name=button).click()

    def save(self) -> None:
        self.press("Spara utkast")
        expect(self.status).to_contain_text("Utkastet är sparat")

    @property
    def status(self) -> Locator:
        return self.page.locator("#editor-status")

    @property
    def findings(self) -> list[str]:
        """What the latest check said."""
        return self.page.locator("#fynd li").all_inner_texts()

    def faults(self) -> list[str]:
        """The elements that the picture marks."""
        found: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('.djs-element.is-fault')]"
            ".map(element => element.dataset.elementId)"
        )
        return found

    def missing_words(self) -> list[str]:
        """What bpmn-js said that has no Swedish."""
        found: list[str] = self.page.evaluate("() => [...window.arendegang.missing]")
        return found
