"""Pages of the agenda of a meeting."""

from playwright.sync_api import Page

from tests.browser.spot import Spot, Stage, at
from tests.browser.steps import CO_CHAIR, LANKA, OFFICER

AGENDA = "/meetings/sample-ahg-som/agenda/"


def add_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{AGENDA}?add=day-1")
    page.get_by_label("Minutes").fill("0")
    page.get_by_role("button", name="Add", exact=True).click()


def edit_an_item(page: Page, stage: Stage) -> None:
    page.goto(AGENDA)
    page.get_by_role("link", name="Edit item 4", exact=True).click()


def delete_with_what_is_under_it(page: Page, stage: Stage) -> None:
    page.goto(AGENDA)
    page.get_by_role("link", name="Edit item 1", exact=True).click()
    page.get_by_role("link", name="Delete item").click()


def step_back_wrongly(page: Page, stage: Stage) -> None:
    page.goto(f"{AGENDA}take-back/")
    page.get_by_role("button", name="Take it back to draft").click()


AGENDAS = [
    Spot("agenda-desk", OFFICER, at(AGENDA), "Agenda"),
    Spot("agenda-as-delegates", OFFICER, at(f"{AGENDA}?as=delegates"), "Agenda"),
    Spot("agenda-add", OFFICER, at(f"{AGENDA}?add=day-2"), "Agenda"),
    Spot("agenda-add-error", OFFICER, add_wrongly, "Agenda"),
    Spot("agenda-edit", OFFICER, edit_an_item, "Agenda"),
    Spot("agenda-hours", OFFICER, at(f"{AGENDA}?hours=1"), "Agenda"),
    Spot("agenda-delete", OFFICER, delete_with_what_is_under_it, "Delete this item?"),
    Spot("agenda-back-error", OFFICER, step_back_wrongly, "Agenda back to draft"),
    Spot("agenda-of-the-chair", CO_CHAIR, at(AGENDA), "Agenda"),
    Spot("agenda", LANKA, at(AGENDA), "Agenda"),
]
