"""What an administrator changes by hand, and what everybody changes of their own."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from engine.tables import EventLog
from processes import accounts, demo, meeting_file, organisation, substitutes
from processes.product import Product
from tests.web.installing import NOW
from tests.web.pages import Page, Visitor

LogIn = Callable[[str], Visitor]
TODAY = NOW.date()


@pytest.fixture
def administrator(log_in: LogIn) -> Visitor:
    return log_in("administrator")


def logged(product: Product) -> list[str]:
    with product.database.reading() as session:
        return list(session.scalars(sa.select(EventLog.kind).order_by(EventLog.id)))


def test_every_page_of_administration_opens(administrator: Visitor) -> None:
    for address in ("anvandare", "anvandare/kanslichef", "roller", "roller/sekreterare",
                    "roller/regiondirektor", "ersattare", "kalender"):  # fmt: skip
        administrator.page(f"/administration/{address}")


def test_an_account_is_made_and_can_log_in(
    administrator: Visitor, visitor: Visitor, product: Product
) -> None:
    values = {"name": "Utredare 7", "username": "utredare_7", "password": "ett långt lösenord"}
    made = administrator.post("/administration/anvandare", values)
    assert made.status_code == 302
    entered = visitor.post("/logga-in", {k: values[k] for k in ("username", "password")})
    assert entered.location == "/inkorg"
    assert "user_created" in logged(product)


def test_an_account_with_faults_is_told_at_its_fields(administrator: Visitor) -> None:
    values = {"name": "", "username": "kanslichef", "email": "fel"}
    answer = administrator.post("/administration/anvandare", values)
    assert answer.status_code == 422
    page = Page(answer)
    assert len(page.words("//p[@data-field='validation']")) == 3
    assert page.value("email") == "fel"


def test_the_last_administrator_stays(administrator: Visitor, product: Product) -> None:
    answer = administrator.post(
        "/administration/anvandare/administrator", {"name": "Administratör", "active": "1"}
    )
    assert answer.status_code == 403
    assert "minst en aktiv administratör" in answer.text
    with product.database.reading() as session:
        assert accounts.get(session, "administrator").is_administrator


def test_a_new_password_is_set(administrator: Visitor, visitor: Visitor) -> None:
    address = "/administration/anvandare/kanslichef"
    assert (
        administrator.post(f"{address}/losenord", {"password": "kort"}, at=address).status_code
        == 422
    )
    administrator.post(f"{address}/losenord", {"password": "ett nytt och långt"}, at=address)
    values = {"username": "kanslichef", "password": "ett nytt och långt"}
    assert visitor.post("/logga-in", values).location == "/inkorg"


def test_a_role_is_given_and_ended(administrator: Visitor, product: Product) -> None:
    address = "/administration/roller/sekreterare"
    values = {"user": "handlaggare_1", "scope": "RS", "from_on": "2026-02-04"}
    assert administrator.post(address, values).status_code == 302
    with product.database.reading() as session:
        held = organisation.held_by(session, ["handlaggare_1"], TODAY)
        [holding] = [row for row in held if row.role_slug == "sekreterare"]
    again = administrator.post(address, values)
    assert again.status_code == 422
    assert "är redan" in again.text
    administrator.post(f"{address}/{holding.id}/avsluta", {"last_on": "2026-02-03"}, at=address)
    with product.database.reading() as session:
        held = organisation.held_by(session, ["handlaggare_1"], TODAY)
    assert "sekreterare" not in {row.role_slug for row in held}
    assert {"role_given", "role_taken"} <= set(logged(product))


def test_somebody_stands_in_and_is_back(administrator: Visitor, product: Product) -> None:
    address = "/administration/ersattare"
    values = {"absent": "handlaggare_1", "substitute": "handlaggare_2", "to_on": "2026-02-10"}
    assert administrator.post(address, values).status_code == 302
    with product.database.reading() as session:
        [row] = substitutes.of(session, "handlaggare_1", from_on=TODAY)
    administrator.post(f"{address}/{row.id}/avsluta", at=address)
    with product.database.reading() as session:
        assert not substitutes.of(session, "handlaggare_1", from_on=TODAY)


def test_a_day_that_is_none_is_told(administrator: Visitor) -> None:
    values = {"absent": "handlaggare_1", "substitute": "handlaggare_2", "to_on": "på fredag"}
    answer = administrator.post("/administration/ersattare", values)
    assert answer.status_code == 422
    assert "Skriv dagen som" in answer.text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"inte en kalender"])
def test_a_file_that_is_no_calendar_changes_nothing(administrator: Visitor, content: bytes) -> None:
    sent = {"file": (io.BytesIO(content), "kalender.toml")}
    answer = administrator.post("/administration/kalender", sent)
    assert answer.status_code == 422
    assert Page(answer).words("//h2[@id='fel-rubrik']")


def test_my_own_absence_password_and_keys(log_in: LogIn, product: Product) -> None:
    visitor = log_in("handlaggare_1")
    home = "/min-sida/"
    absence = {"substitute": "handlaggare_2", "to_on": "2026-02-10"}
    assert visitor.post("/min-sida/franvaro", absence, at=home).status_code == 302
    assert "Handläggare 2" in visitor.page(home).words("//th[@scope='row']")
    made = visitor.post("/min-sida/nycklar", {"label": "Rapporter"}, at=home)
    token = Page(made).words("//code")[0]
    with product.database.reading() as session:
        owner = accounts.user_of_token(session, token, NOW)
        assert owner is not None
        assert owner.id == "handlaggare_1"
    wrong = {"current": "fel", "password": "ett helt nytt lösenord"}
    assert visitor.post("/min-sida/losenord", wrong, at=home).status_code == 422
    right = {"current": demo.PASSWORD, "password": "ett helt nytt lösenord"}
    assert visitor.post("/min-sida/losenord", right, at=home).status_code == 302
    assert visitor.page(home).h1 == "Min sida"


def test_nobody_ends_anothers_absence_or_key(
    log_in: LogIn, product: Product, administrator: Visitor
) -> None:
    with product.database.reading() as session:
        [row] = substitutes.of(session, "kanslichef", from_on=TODAY)
    visitor = log_in("handlaggare_1")
    address = f"/min-sida/franvaro/{row.id}/avsluta"
    assert visitor.post(address, at="/min-sida/").status_code == 404


def test_a_users_page_says_which_roles_where_and_since_when(administrator: Visitor) -> None:
    page = administrator.page("/administration/anvandare/sekreterare_rs")
    rows = page.words("//section[@aria-labelledby='roller']//tbody/tr")
    assert any("Sekreterare" in row and "Regionstyrelsen" in row for row in rows), rows
    links = page.root.xpath("//section[@aria-labelledby='roller']//tbody//th/a/@href")
    assert "/administration/roller/sekreterare" in links
    assert "tills vidare" in rows[0]


def test_a_user_without_roles_is_told_where_they_are_given(
    administrator: Visitor, product: Product
) -> None:
    values = {"name": "Utredare 7", "username": "utredare_7", "password": "ett långt lösenord"}
    administrator.post("/administration/anvandare", values)
    with product.database.reading() as session:
        [user_id] = [one.id for one in accounts.everyone(session) if one.name == "Utredare 7"]
    page = administrator.page(f"/administration/anvandare/{user_id}")
    assert "Utredare 7 har ingen roll" in page.text.replace("\u00a0", " ")
    assert page.root.xpath("//section[@aria-labelledby='roller']//a/@href") == [
        "/administration/roller"
    ]


def test_the_calendar_file_is_described_column_by_column(administrator: Visitor) -> None:
    page = administrator.page("/administration/kalender")
    named = page.words("//section[@aria-labelledby='kolumner']//tbody/tr/th")
    assert named == list(meeting_file.KEYS)


def test_the_example_calendar_is_read_in_without_changing_anything(
    administrator: Visitor, product: Product
) -> None:
    answer = administrator.client.get("/administration/kalender/exempel.csv")
    assert "sammantraden.csv" in answer.headers["Content-Disposition"]
    sent = {"file": (io.BytesIO(answer.data), "sammantraden.csv")}
    assert administrator.post("/administration/kalender", sent).status_code == 302
    page = administrator.page("/administration/kalender")
    assert page.words("//*[@role='status']") == [
        "Kalendern är inläst: 0 nya sammanträden, 0 ändrade, 3 fanns redan."
    ]


@pytest.mark.parametrize("page", ["anvandare", "ersattare", "kalender"])
def test_the_tab_stays_marked_when_something_was_wrong(administrator: Visitor, page: str) -> None:
    answer = administrator.post(f"/administration/{page}", {})
    assert answer.status_code == 422
    [current] = Page(answer).root.xpath("//nav[@class='tabs']//a[@aria-current]/@href")
    assert current == f"/administration/{page}"
