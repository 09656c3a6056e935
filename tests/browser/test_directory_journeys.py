"""The directory's deeds, walked without scripts: a body takes in a participant step by step, a name changes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import LANKA, OFFICER

Person = Callable[..., Page]


def _record(page: Page, button: str, day: str, source: str) -> None:
    page.get_by_label("Day", exact=False).first.fill(day)
    page.get_by_label("Source").fill(source)
    page.get_by_role("button", name=button).click()


def test_a_body_takes_in_a_participant_step_by_step(person: Person) -> None:
    officer, public = person(OFFICER), person(width=390)
    public.goto("/bodies/steering-group/")
    expect(public.get_by_role("link", name="Fiji")).to_have_count(0)

    officer.goto("/members/fiji/")
    officer.get_by_role("link", name="Record a proposal").click()
    expect(officer.get_by_label("Participant")).to_have_value(officer.get_by_label("Participant").input_value())
    officer.get_by_label("To become").select_option(label="Steering Group")
    _record(officer, "Record the proposal", "2026-10-01", "")
    expect(officer.get_by_role("alert")).to_contain_text("Name the source: a letter, a record, a statement.")
    _record(officer, "Record the proposal", "2026-10-01", "Note of the co-chairs of 1 October 2026")
    where = officer.url

    for word, day in (("Decided", "2026-10-12"), ("Endorsed", "2026-10-20"), ("Welcomed", "2026-10-20")):
        expect(officer.get_by_role("heading", name=f"Record: {word}")).to_be_visible()
        _record(officer, "Record the step", day, f"Record of the meeting, {word.lower()}")
        assert officer.url == where
    expect(officer.get_by_text("Admitted to the Steering Group.")).to_be_visible()

    public.reload()
    expect(public.get_by_role("link", name="Fiji")).to_be_visible()
    public.goto("/members/fiji/")
    expect(public.get_by_text("Record of the meeting, welcomed")).to_be_visible()


def test_an_admission_under_way_is_seen_by_staff_alone(person: Person) -> None:
    officer, delegate, public = person(OFFICER), person(LANKA), person()
    officer.goto("/admissions/propose/")
    officer.get_by_label("Short name").fill("Nova Terra")
    officer.get_by_label("Code").fill("NTX")
    officer.get_by_label("Kind").select_option(label="State")
    officer.get_by_label("To become").select_option(label="Observer of the forum")
    _record(officer, "Record the proposal", "2026-11-01", "Letter of 1 November 2026")
    where = officer.url
    officer.goto("/members/nova-terra/")
    expect(officer.get_by_text("Letter of 1 November 2026")).to_be_visible()
    for other in (delegate, public):
        for path in ("/members/nova-terra/", where):
            other.goto(path)
            expect(other.get_by_text("Nova Terra")).to_have_count(0)
            expect(other.get_by_text("Letter of 1 November 2026")).to_have_count(0)
        other.goto("/members/?standing=none")
        expect(other.get_by_text("Nova Terra")).to_have_count(0)
    officer.goto(where)
    officer.get_by_label("Why it goes no further").fill("The State withdrew its application.")
    officer.get_by_role("button", name="Close the admission").click()
    expect(officer.get_by_text("was dropped. The State withdrew its application.")).to_be_visible()


def test_a_new_name_leaves_the_old_one_to_the_record(person: Person) -> None:
    officer, public = person(OFFICER), person()
    officer.goto("/members/adfm/")
    officer.get_by_role("link", name="Record a new name").click()
    officer.get_by_label("New short name").fill("ADM")
    officer.get_by_label("New formal name").fill("Asia Dialogue on Migration")
    officer.get_by_label("Last day of the name used until now").fill("2026-10-31")
    officer.get_by_label("Source").fill("Letter of the dialogue's secretariat")
    officer.get_by_role("button", name="Record the new name").click()
    expect(officer.get_by_role("heading", level=1, name="ADM")).to_be_visible()
    public.goto("/meetings/ahg-som-14/")
    public.get_by_role("link", name="Asia Dialogue on Forced Migration (ADFM)").click()
    expect(public.get_by_role("heading", level=1, name="ADM")).to_be_visible()
    expect(public.get_by_text("Asia Dialogue on Forced Migration").first).to_be_visible()
    public.goto("/members/?q=adfm")
    expect(public.get_by_role("link", name="ADM", exact=True)).to_be_visible()
