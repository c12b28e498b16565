"""Home Assistant's own pages in a real browser: a person finds us, fails, says it again, and is understood."""

import json
import os
import time
from pathlib import Path

import httpx2
import pytest

from tests.browser import CHROMIUM, browsing
from tests.platforms.real_home import MISSING, PYTHON, real_home
from tests.serving import running
from uptake.apps.http.wyoming import Wyoming
from uptake.platforms.home_assistant import HomeAssistant, Socket
from uptake.release.night import release
from uptake.release.state import State

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(PYTHON is None, reason=MISSING),
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]

WITHIN_S = 120.0
DEEP = """(names) => names.reduce((found, name) => found.flatMap(one => {
    const inside = (root) => [...root.querySelectorAll('*')].flatMap(each =>
        [...(each.matches(name) ? [each] : []), ...(each.shadowRoot ? inside(each.shadowRoot) : [])]);
    return inside(one.shadowRoot ?? one);
}), [document])"""
"""A script that finds elements, whatever shadow roots lie between."""


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    doors = []

    def prepare(service):
        doors.append(Wyoming(service, "tcp://127.0.0.1:0", HomeAssistant(Socket(home.url, home.token))))

    with (
        real_home(tmp_path_factory.mktemp("home_assistant"), pages=True) as home,
        running(tmp_path_factory.mktemp("state"), prepare=prepare) as service,
        browsing(tmp_path_factory.mktemp("profile")) as browser,
    ):
        home.add(doors[0].server.port)
        home.ask("assist_pipeline/pipeline/set_preferred", pipeline_id=home.pipeline)
        sign_in(browser, home)
        browser.view(900, 800)
        service.door = doors[0]
        yield service, browser, home


def sign_in(browser, home):
    """Let the browser in as the person who set Home Assistant up, past the questions of the first day."""
    page = f"{home.url}/"
    with httpx2.Client(base_url=home.url, headers={"authorization": f"Bearer {home.token}"}, timeout=60) as http:
        for step in ("core_config", "analytics", "integration"):
            http.post(f"/api/onboarding/{step}", json={"client_id": page, "redirect_uri": page}).raise_for_status()
    known = {"access_token": home.token, "token_type": "Bearer", "expires_in": 10**6, "hassUrl": home.url}
    known |= {"expires": (time.time() + 10**6) * 1e3, "refresh_token": "none", "clientId": page}
    script = f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(known))})"
    browser.call("Page.addScriptToEvaluateOnNewDocument", source=script)


def deep(names, then):
    return f"({DEEP})({json.dumps(names)}).{then}"


def answers(browser):
    return browser.run(deep(["ha-assist-chat", ".message.hass"], "map(one => one.innerText.trim())"))


def say(browser, text):
    """Type into the dialog of Assist and wait for the answer."""
    count = len(answers(browser))
    browser.run(deep(["ha-assist-chat", "input"], "at(0).focus()"))
    browser.call("Input.insertText", text=text)
    browser.press("Enter")
    browser.wait(
        deep(["ha-assist-chat", ".message.hass"], f"slice({count}).some(one => one.innerText.trim().length > 3)")
    )
    return answers(browser)[-1]


def taken(browser, name, tmp_path):
    """Take a picture: for good with UPTAKE_PICTURES."""
    browser.picture((PICTURES if "UPTAKE_PICTURES" in os.environ else tmp_path) / f"{name}.png")


def test_in_its_own_pages_a_person_fails_says_it_again_and_is_understood(there, tmp_path):
    service, browser, home = there
    browser.go(f"{home.url}/lovelace/0?conversation=1")
    browser.wait(deep(["ha-assist-chat", ".message.hass"], "length > 0"))
    assert "Sorry" in say(browser, "turn on the whole lamp")
    assert say(browser, "turn on the hall lamp") == "Turned on the light"
    until(lambda: service.door.waiting == 0)
    release(State(service.service.state.directory))
    until(lambda: service.service.versions().get("index"))
    time.sleep(1)  # the look-out loads it
    home.turn("turn_off", "light.hall_lamp")
    until(lambda: home.state("light.hall_lamp") == "off")
    assert say(browser, "turn on the whole lamp") == "Turned on the light"
    assert home.state("light.hall_lamp") == "on"
    taken(browser, "home-assist", tmp_path)
    browser.go(f"{service.url}/rewrites?user=home")
    assert "turn on the hall lamp" in browser.run("document.body.innerText")
    taken(browser, "home-learned", tmp_path)


def test_its_settings_show_the_service_and_the_agent_to_choose(there, tmp_path):
    _, browser, home = there
    browser.go(f"{home.url}/config/integrations/integration/wyoming")
    browser.wait(shows("uptake"))
    browser.view(900, 380)
    taken(browser, "home-service", tmp_path)
    browser.view(900, 800)
    browser.go(f"{home.url}/config/voice-assistants/assistants")
    ours = "filter(one => one.innerText.includes('Uptake'))"
    browser.wait(deep(["assist-pref", "ha-list-item"], f"{ours}.length > 0"))
    browser.run(deep(["assist-pref", "ha-list-item"], f"{ours}[0].click()"))
    browser.wait(f"{shows('Prefer handling commands locally')} && {shows('uptake')}")
    taken(browser, "home-agent", tmp_path)


def shows(text):
    """A script that tells whether a page says just that, somewhere."""
    said = f"node.nodeType === 3 && node.data.trim() === {json.dumps(text)}"
    return deep(["*"], f"some(one => [...one.childNodes].some(node => {said}))")


def until(holds):
    end = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.1)
