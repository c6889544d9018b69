"""What every page of ours is, whoever opens it: checked on each page that any test opens."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

# Not where somebody is told how to write one: "som 2026-02-25", "till exempel 2026-03-31".
# Nor of other centuries, whose days nobody but a test has typed.
ISO_DAY = re.compile(
    r"(?<!som )(?<!exempel )(?<!eller )(?<!vara )\b(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}\b"
)


class Page:
    """A page that was opened and found to be as pages are."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.text = response.get_data(as_text=True)
        self.root = html.fromstring(self.text)
        self._check()

    @property
    def h1(self) -> str:
        return self.words("//h1")[0]

    def words(self, xpath: str) -> list[str]:
        """The text of what is found, its spaces and no-break spaces single ones."""
        return [" ".join(found.text_content().split()) for found in self.root.xpath(xpath)]

    def value(self, name: str) -> str | None:
        found = self.root.xpath("//*[@name=$name]", name=name)
        return found[0].get("value") if found else None

    def _check(self) -> None:
        assert self.response.content_type.startswith("text/html")
        assert self.root.get("lang") == "sv"
        assert len(self.root.xpath("//h1")) == 1, "one h1"
        title = " ".join(self.root.findtext(".//title").split()).removeprefix("Fel: ")
        assert title.startswith(self.h1) or self.h1.startswith(title.rpartition(" – ")[0]), (
            f"title {title!r} and h1 {self.h1!r} begin alike"
        )
        self._check_fields()
        self._check_ids()
        self._check_days()
        for table in self.root.xpath("//table"):
            assert table.xpath("./caption"), "every table has a caption"
        for script in self.root.xpath("//script"):
            assert script.get("src") or script.get("type") == "application/json", "inline script"
        assert not self.root.xpath("//style | //@style"), "inline style"
        handlers = [name for name in self.root.xpath("//@*") if name.attrname.startswith("on")]
        assert not handlers, "inline handlers"

    def _check_days(self) -> None:
        """People read "ons 25 feb"; only what is typed or technical is written as 2026-02-25."""
        for text in self.root.xpath("//body//text()[not(ancestor::script|ancestor::textarea)]"):
            if text.getparent().tag in ("code", "pre"):
                continue
            assert not ISO_DAY.search(text), f"a day as machines write it: {text.strip()!r}"

    def _check_fields(self) -> None:
        for field in self.root.xpath("//main//input | //main//select | //main//textarea"):
            if field.get("type") in ("hidden", "submit"):
                continue
            labelled = self.root.xpath("//label[@for=$id]", id=field.get("id") or "")
            assert labelled or field.get("aria-label"), f"{field.get('name')} has no label"
        for form in self.root.xpath("//form[@method='post']"):
            assert form.xpath(".//input[@name='csrf_token']"), "every POST form carries its mark"

    def _check_ids(self) -> None:
        ids = [str(found) for found in self.root.xpath("//@id")]
        assert len(ids) == len(set(ids)), (
            f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
        )
        for name in ("aria-describedby", "aria-labelledby"):
            for value in self.root.xpath(f"//@{name}"):
                for one in str(value).split():
                    assert one in ids, f"{name} names {one}, which is not there"


class Visitor:
    """Somebody with a browser that runs no script."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def log_in(self, username: str) -> Visitor:
        answer = self.post("/logga-in/roll", {"username": username}, at="/logga-in")
        assert answer.status_code == 302
        return self

    def page(self, address: str, status: int = 200) -> Page:
        response = self.client.get(address)
        assert response.status_code == status, (response.status_code, response.text[:400])
        return Page(response)

    def post(
        self, address: str, values: dict[str, object] | None = None, *, at: str | None = None
    ) -> TestResponse:
        """Send a form, its mark taken from the page `at` (the same address when not said)."""
        mark = Page(self.client.get(at or address)).value("csrf_token")
        return self.client.post(address, data={"csrf_token": mark, **(values or {})})
