"""What makes a page hard to use for somebody: found in the page as it is drawn."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
DESK, PHONE, ZOOMED = 1280, 390, 320  # 320 is 1280 at 400 %

# Diagrams are drawn at a readable size and scrolled; their text twin stands beside them.
_TOO_WIDE = """() => {
  const wide = [...document.body.querySelectorAll('*')].filter(element => {
    if (element.closest('[data-diagram], .canvas, svg')) return false;
    const { width, right, left } = element.getBoundingClientRect();
    const seen = element.checkVisibility({ visibilityProperty: true });
    return seen && width > 1 && (right > innerWidth + 1 || left < -1);
  });
  const scrolled = document.documentElement.scrollWidth > innerWidth ? ['the page itself'] : [];
  const name = element =>
    `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`;
  return [...scrolled, ...wide.map(name)];
}"""

# axe reports text in the colour of its ground as incomplete, not as a violation.
_UNREADABLE = """() => {
  const clear = colour => /rgba\\(.*, 0\\)|transparent/.test(colour);
  const groundOf = element => {
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.backgroundImage !== 'none') return null;
      if (!clear(style.backgroundColor)) return style.backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { parentElement: element, textContent } = walker.currentNode;
    if (!textContent.trim() || element.closest('script, style, svg, option')) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (getComputedStyle(element).color === groundOf(element)) found.push(textContent.trim());
  }
  return found;
}"""

# Every control that the keyboard must come to; a group of radio buttons is one stop.
_CONTROLS = """() => {
  const stops =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const radios = new Set();
  return [...document.querySelectorAll(stops)].filter(element => {
    if (element.disabled || element.matches(':disabled') || element.tabIndex < 0) return false;
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type !== 'radio') return true;
    if (radios.has(element.name)) return false;
    radios.add(element.name);
    return true;
  }).map((element, n) => { element.dataset.stop ??= n; return element.dataset.stop; });
}"""
_FOCUSED = """() => {
  const { activeElement: element } = document;
  if (!element || element === document.body) return null;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const marked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  const same = element.type === 'radio'
    ? document.querySelector(`input[name="${CSS.escape(element.name)}"][data-stop]`) : element;
  const words = element.textContent.trim() || element.name || '';
  return { stop: same?.dataset.stop ?? null, words, marked };
}"""


def broken_rules(axe: Axe, page: Page) -> list[str]:
    """What axe finds, each as its rule and the first places."""
    result = axe.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{found['id']}: {found['help']}: {[node['html'][:160] for node in found['nodes'][:3]]}"
        for found in result.response["violations"]
    ]


def too_wide(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def unreadable(page: Page) -> list[str]:
    found: list[str] = page.evaluate(_UNREADABLE)
    return found


def controls(page: Page) -> list[str]:
    """Marks every control that Tab must reach; their marks."""
    found: list[str] = page.evaluate(_CONTROLS)
    return found


def focused(page: Page) -> dict[str, Any] | None:
    """What has the focus: its mark, its words, whether one sees that it has it."""
    found: dict[str, Any] | None = page.evaluate(_FOCUSED)
    return found
