"""Every page of ours in both themes, on a wide and a narrow screen: axe finds nothing, and nothing scrolls sideways."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Portal
from tests.browser.pages import NOBODY, SPOTS, Spot, Stage, make_stage
from tests.browser.session_pages import meeting_in_session
from tests.browser.steps import CO_CHAIR, LANKA, OFFICER

WIDTHS = (1280, 390)
NARROWEST = 320
"""A window of 1280 pixels at 400 %: WCAG 1.4.10. It includes the 360 pixels of the usual small phone."""
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
THEMES = {
    "light": ("light", ""),
    "dark, chosen with the account": ("light", "dark"),
    "dark, by the system": ("dark", ""),
}
"""Name → (what the system wants, what the account chose)."""
FINDINGS = """async (options) => (await axe.run(document, options)).violations.map(
    (one) => one.id + ": " + one.help + one.nodes.map((node) => "\\n    " + node.html.slice(0, 200)
        + "\\n        " + (node.any[0] || node.all[0] || node.none[0] || {}).message).join(""))"""
SIDEWAYS = """() => {
    const wide = document.documentElement.clientWidth;
    const clips = (one) => one && (getComputedStyle(one).clipPath !== "none"
        || ["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX) || clips(one.parentElement));
    const out = [...document.querySelectorAll("body *")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && (box.right > wide + 1 || box.left < -1) && !clips(one);
    });
    if (document.documentElement.scrollWidth > wide) out.push(document.body);
    return out.map((one) => one.outerHTML.slice(0, 160));
}"""


@pytest.fixture(scope="module")
def seen_by(portal: Portal, browser: Browser, signed_in: Callable[[str], Any]) -> Iterator[Callable[[str], Page]]:
    """One page for each person, kept from test to test. axe is put in past the CSP, which forbids scripts."""
    pages: dict[str, Page] = {}

    def page_of(email: str) -> Page:
        if email not in pages:
            context = browser.new_context(
                base_url=portal.url,
                storage_state=signed_in(email) if email else None,
                reduced_motion="reduce",
                bypass_csp=True,
            )
            context.set_default_timeout(15_000)
            pages[email] = context.new_page()
        return pages[email]

    yield page_of
    for page in pages.values():
        page.context.close()


@pytest.fixture(scope="module")
def stage(portal: Portal, seen_by: Callable[[str], Page], tmp_path_factory: pytest.TempPathFactory) -> Stage:
    meeting_in_session(seen_by(OFFICER), seen_by(CO_CHAIR), seen_by(LANKA))
    return make_stage(seen_by(OFFICER), portal, tmp_path_factory.mktemp("drafts"))


def show(page: Page, theme: str) -> None:
    """Put the page that stands there into a theme, as the server and the system would."""
    system, chosen = THEMES[theme]
    page.emulate_media(color_scheme=system, reduced_motion="reduce")  # type: ignore[arg-type]
    page.evaluate(
        "(theme) => theme ? document.documentElement.setAttribute('data-bs-theme', theme)"
        " : document.documentElement.removeAttribute('data-bs-theme')",
        chosen,
    )


def findings(page: Page, theme: str) -> list[str]:
    """What axe finds at both widths, and what sticks out on the narrowest screen."""
    page.evaluate(AXE_SCRIPT)
    show(page, theme)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{theme}, {width}: {one}" for one in page.evaluate(FINDINGS, AXE)]
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    return found + [f"{theme}, sideways at {NARROWEST}: {one}" for one in page.evaluate(SIDEWAYS)]


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.name)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    spot: Spot, stage: Stage, seen_by: Callable[[str], Page]
) -> None:
    page = seen_by(spot.who)
    spot.go(page, stage)
    expect(page.get_by_role("heading", level=1)).to_contain_text(spot.heading)
    found = []
    for theme, (_, chosen) in THEMES.items():
        if spot.who or not chosen:  # signed out there is no account to choose with
            found += findings(page, theme)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", THEMES)
def test_button_of_the_file_field_and_arrow_of_a_list_can_be_seen(theme: str, seen_by: Callable[[str], Page]) -> None:
    """axe looks into neither; both come from Bootstrap, which knows nothing of the system's dark display."""
    page = seen_by(OFFICER)
    page.goto("/documents/upload/")
    show(page, theme)
    colours = page.evaluate("""() => {
        const file = getComputedStyle(document.querySelector("[type=file]"), "::file-selector-button");
        return [file.color, file.backgroundColor];
    }""")
    ink, ground = ([int(part) for part in re.findall(r"\d+", one)[:3]] for one in colours)
    assert abs(sum(ink) - sum(ground)) > 300, colours
    arrow = page.evaluate("getComputedStyle(document.querySelector('select')).backgroundImage")
    assert ("343a40" in arrow) == (theme == "light"), arrow


@pytest.mark.parametrize("theme", ["light", "dark, by the system"])
def test_twin_a_page_made_worse_is_found(theme: str, seen_by: Callable[[str], Page]) -> None:
    """Text without contrast, a field without a label, a wide block: the checks above see each."""
    page = seen_by(NOBODY)
    page.goto("/meetings/")
    page.evaluate("""() => {
        document.querySelector("label").remove();
        document.querySelector(".lede").style.color = "#777777";
        document.querySelector("main").insertAdjacentHTML("beforeend", "<p class=wide>wide</p>");
        document.querySelector(".wide").style.width = "50em";
    }""")
    found = "\n".join(findings(page, theme))
    for word in ["1280: color-contrast", "390: color-contrast", "select-name", "sideways"]:
        assert word in found, found
