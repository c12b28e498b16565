"""The console in a real browser: it loads, looks right on a phone, and does what its buttons say."""

import gzip
import os
from pathlib import Path

import pytest

from tests.browser import CHROMIUM, browsing
from tests.experiments.toy_experiment import START, toy
from tests.serving import running
from uptake.lab.simulate.small_log import small_log
from uptake.release.night import release
from uptake.release.state import State

PICTURES = Path(__file__).parents[3] / "docs" / "pictures"
PAGES = (
    "/", "/failures", "/rewrites", "/rewrite?request=add+silk+to+the+shopping+list", "/experiments", "/people", "/try",
    "/turns", "/turns?request=play+maj+and+dragons", "/people?user=user-02",
)  # fmt: skip
TAUGHT = {
    "concepts": {"concept": "movie night", "alias_of": "Hall Light"},
    "preferences": {"type": "diet", "value": "vegan"},
}
AXE = Path(__file__).parents[2] / "fixtures" / "axe" / "axe.min.js.gz"
SERIOUS = """axe.run().then(found => found.violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => one.id + ' ' + one.nodes.map(node => node.target.join(' ')).join(', ')))"""
LIGHT_AND_DARK = "getComputedStyle(document.body).backgroundColor"
TOO_WIDE = "document.scrollingElement.scrollWidth > innerWidth"
SMALL = """[...document.querySelectorAll('button, input:not([type=hidden]), nav a')]
    .filter(one => one.getBoundingClientRect().height < 24).length"""

pytestmark = pytest.mark.slow


def in_an_experiment(state):
    """Turns of made-up people in an experiment: with rewrites about half as many fail."""
    made = toy(users=120, before=0, after=7)
    state.experiments.start(made.experiment, at=START)
    return made.turns


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    if CHROMIUM is None and "UPTAKE_TEST_BROWSER" not in os.environ:
        pytest.skip("there is no chromium here; continuous integration has one (UPTAKE_TEST_BROWSER)")
    directory = tmp_path_factory.mktemp("state")
    (directory / "uptake.toml").write_text("[home]\n")
    state = State(directory)
    state.log.append([*small_log(seed=0), *in_an_experiment(state)])
    release(state, ("rewrites",))
    state.log.close()
    with running(directory) as service, browsing(tmp_path_factory.mktemp("profile")) as browser:
        for what, row in TAUGHT.items():
            assert service.post(f"/v1/{what}", {"user_id": "user-02", "rows": [row]}).status_code == 200
        yield service, browser


@pytest.mark.long
def test_every_page_loads_without_a_complaint_asks_nobody_else_and_fits_a_phone(there):
    service, browser = there
    for path in PAGES:
        for width, height in ((1280, 900), (390, 844)):
            browser.view(width, height)
            browser.go(service.url + path)
            assert browser.run("document.querySelector('h1').textContent.length > 0"), path
            assert not browser.run(TOO_WIDE), (path, width)
            assert browser.run(SMALL) == 0, (path, width)
        assert browser.run("[...document.images].every(one => one.complete && one.naturalWidth > 0)"), path
    assert browser.complaints == []
    assert {url for url in browser.requested if not url.startswith((service.url, "about:", "data:"))} == set()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(there, dark):
    service, browser = there
    axe = gzip.decompress(AXE.read_bytes()).decode()
    browser.view(1280, 900, dark=dark)
    found = {}
    for path in PAGES:
        browser.go(service.url + path)
        browser.run(axe)
        found[path] = browser.run(SERIOUS)
    browser.view(1280, 900)
    assert {path: said for path, said in found.items() if said} == {}


def test_axe_finds_a_button_without_a_name(there):
    service, browser = there
    browser.go(service.url)
    browser.run(gzip.decompress(AXE.read_bytes()).decode())
    browser.run("document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>')")
    assert any(said.startswith("button-name") for said in browser.run(SERIOUS))


def test_it_is_light_and_dark(there):
    service, browser = there
    colours = []
    for dark in (False, True):
        browser.view(1280, 900, dark=dark)
        browser.go(service.url)
        colours.append(browser.run(LIGHT_AND_DARK))
    browser.view(1280, 900)
    assert colours[0] != colours[1]


def test_a_keyboard_reaches_the_content_first_and_then_every_page(there):
    service, browser = there
    browser.go(service.url)
    reached = []
    for _ in range(7):
        browser.press("Tab")
        reached.append(browser.run("document.activeElement.textContent"))
    assert reached == ["To the content", "Today", "Failures", "Rewrites", "Experiments", "People", "Try it"]


def test_a_failure_is_fixed_in_place_and_the_fix_is_undone(there):
    service, browser = there
    browser.go(f"{service.url}/failures")
    heard = browser.run("document.querySelector('form[action=\"/pin\"] [name=request]').value")
    browser.submit('form[action="/pin"]', rewrite="play something else")
    assert "because a person said so" in browser.run("document.body.textContent")
    found = service.post("/v1/rewrite", {"text": heard, "user_id": "somebody"}).json()
    assert (found["action"], found["text"]) == ("rewrite", "play something else")
    browser.submit('form[action="/unpin"]')
    assert "The pin is gone" in browser.run("document.querySelector('.note').textContent")
    assert service.post("/v1/rewrite", {"text": heard, "user_id": "somebody"}).json()["layer"] != "pin"


def test_a_misheard_name_is_given_and_taken_back_with_the_keyboard_alone(there):
    service, browser = there
    browser.go(f"{service.url}/failures")
    browser.run("document.querySelector('form[action=\"/name\"] select').value = 'Hall Light'")
    browser.submit('form[action="/name"]', name="whole lamp")
    assert "is Hall Light for everybody" in browser.run("document.querySelector('.note').textContent")
    browser.run("document.querySelector('form[action=\"/unname\"] button').focus()")
    browser._loaded(lambda: browser.press("Enter"))
    assert "The name is gone" in browser.run("document.querySelector('.note').textContent")


def test_what_can_be_done_about_a_failure_is_seen_on_a_phone_without_scrolling_sideways(there):
    service, browser = there
    browser.view(390, 844)
    browser.go(f"{service.url}/failures")
    beyond = """[...document.querySelectorAll('main table.stack button, main table.stack input:not([type=hidden])')]
        .map(one => one.getBoundingClientRect()).filter(one => one.left < 0 || one.right > innerWidth).length"""
    assert browser.run("document.querySelectorAll('main table.stack button').length") > 2
    assert browser.run(beyond) == 0
    assert browser.run("getComputedStyle(document.querySelector('td[data-label]'), '::before').content") == '"people "'
    browser.view(1280, 900)


def test_a_rewrite_that_was_withdrawn_says_so_on_its_own_page(there):
    service, browser = there
    browser.go(f"{service.url}/rewrites")
    browser._loaded(lambda: browser.run("document.querySelector('#gone a.said').click()"))
    assert "Left alone: it did harm." in browser.run("document.body.textContent")


def test_who_comes_to_try_it_is_given_requests_that_the_assistant_understands(there):
    service, browser = there
    browser.go(f"{service.url}/try")
    count = browser.run("document.querySelectorAll('[aria-label=Examples] button').length")
    for at in range(count):
        button = f"document.querySelectorAll('[aria-label=Examples] button')[{at}]"
        browser._loaded(lambda press=f"{button}.click()": browser.run(press))
    answers = browser.run("[...document.querySelectorAll('.bubble:not(.you)')].map(one => one.textContent)")
    assert count == 4
    assert len(answers) == 4
    assert not any("Sorry" in answer for answer in answers), answers
    assert "The kitchen light is on" in answers[-1]


def test_an_experiment_is_drawn_day_by_day_and_its_numbers_lead_to_turns(there):
    service, browser = there
    browser.go(f"{service.url}/experiments")
    titles = browser.run("[...document.querySelectorAll('svg title')].map(one => one.textContent)")
    assert any("interval that holds on all days" in title for title in titles)
    number = browser.run("document.querySelector('td a').textContent")
    browser._loaded(lambda: browser.run("document.querySelector('td a').click()"))
    assert f"{number} turns of" in browser.run("document.querySelector('main').textContent")


def test_a_person_is_forgotten(there):
    service, browser = there
    browser.go(f"{service.url}/people")
    browser._loaded(lambda: browser.run("document.querySelector('main li a').click()"))
    name = browser.run("document.querySelector('h1').textContent")
    assert service.service.state.log.turns_of(name) > 0
    browser.submit('form[action="/forget"]', again=name)
    assert "were forgotten" in browser.run("document.querySelector('.note').textContent")
    assert service.service.state.log.turns_of(name) == 0


def test_a_request_that_is_a_script_does_not_run(there):
    service, browser = there
    browser.go(f"{service.url}/rewrite?request=%3Cimg%20src=x%20onerror=document.title='run'%3E")
    assert browser.run("document.title") == "A rewrite · Uptake"
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">')")
    browser.run("new Promise(done => setTimeout(done, 300))")
    assert browser.run("document.title") == "A rewrite · Uptake"  # the policy holds even where escaping would not
    browser.events.clear()


@pytest.mark.long
def test_today_keeps_itself_up_to_date(there):
    service, browser = there
    browser.go(service.url)
    browser.run("document.querySelector('#live').replaceChildren()")
    browser.wait("document.querySelectorAll('#live .tile').length > 0")
    assert browser.complaints == []


def test_what_is_being_typed_is_not_refreshed_away(there):
    service, browser = there
    browser.go(f"{service.url}/failures")
    browser.run("document.querySelector('#live input[name=rewrite]').value = 'half a'")
    browser.run("(async () => { await refresh(); })()")
    assert browser.run("document.querySelector('#live input[name=rewrite]').value") == "half a"


def test_below_a_prefix_pages_load_and_forms_work(there, tmp_path):
    """The proxy takes the prefix off, as Home Assistant's ingress does."""
    service, browser = there
    browser.call("Network.setExtraHTTPHeaders", headers={"x-ingress-path": "/api/ingress/abc"})
    browser.go(service.url)
    links = browser.run(
        "[...document.querySelectorAll('[href], [src], [action]')].map(one => "
        "one.getAttribute('href') ?? one.getAttribute('src') ?? one.getAttribute('action'))"
    )
    browser.call("Network.setExtraHTTPHeaders", headers={})
    browser.events.clear()  # nobody serves that prefix here: the style was not found
    assert [link for link in links if not link.startswith(("/api/ingress/abc/", "#"))] == []


def test_the_pictures_of_the_documentation_can_be_taken(there, tmp_path):
    """With UPTAKE_PICTURES they are taken for good."""
    service, browser = there
    place = PICTURES if "UPTAKE_PICTURES" in os.environ else tmp_path
    taken = (
        ("console-today", "/", (1000, 640), False),
        ("console-failures", "/failures", (1000, 640), False),
        ("console-rewrite", PAGES[3], (1000, 700), False),
        ("console-experiments", "/experiments", (1000, 700), True),
        ("console-phone", "/rewrites", (390, 700), False),
    )
    for name, path, size, dark in taken:
        browser.view(*size, dark=dark)
        browser.go(service.url + path)
        if name == "console-experiments":
            browser.run(
                "[...document.querySelectorAll('h2')].find(one => one.textContent.includes('by day'))"
                ".closest('section').scrollIntoView()"
            )
        browser.picture(place / f"{name}.png")
        assert 10_000 < (place / f"{name}.png").stat().st_size < 120_000
    browser.view(1280, 900)
