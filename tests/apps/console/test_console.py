"""The console, page by page, as a browser would ask for it."""

import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.builders import turn
from tests.serving import running
from uptake.apps.http.access import TokenFile
from uptake.experiments.assignment import Experiment
from uptake.lab.simulate.small_log import small_log
from uptake.log.records import to_json
from uptake.release.night import release
from uptake.release.state import State
from uptake.rewriting.overrides import Override

PAGES = ["/", "/failures", "/rewrites", "/experiments", "/people", "/try"]
HEARD = "play maj and dragons"


class Page(HTMLParser):
    """What a page links to, and its forms."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.forms, self.links = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.tags.append((tag, known))
        self.links += [known[name] for name in ("href", "src", "action") if known.get(name)]
        if tag == "form":
            self.forms.append({"action": known.get("action"), "fields": {}})
        if tag == "input" and self.forms and "name" in known:
            self.forms[-1]["fields"][known["name"]] = known.get("value", "")


def form(answer, action, **fields):
    """The form of a page that does something, with its hidden fields."""
    found = next(
        one["fields"]
        for one in Page(answer.text).forms
        if one["action"] == action and all(one["fields"].get(name) == value for name, value in fields.items())
    )
    return dict(found)


def submit(there, page, action, *, pick=None, **filled):
    answer = there.http.get(page)
    fields = form(answer, action, **(pick or {})) | filled
    return there.http.post(action, data=fields, follow_redirects=True)


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    directory = tmp_path_factory.mktemp("state")
    state = State(directory)
    state.log.append(small_log(seed=0))
    release(state, ("rewrites",))
    state.log.close()
    with running(directory) as service:
        yield service


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_asks_nothing_of_others_and_runs_nothing_inline(there, path):
    answer = there.http.get(path)
    assert answer.status_code == 200
    page = Page(answer.text)
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert all(link.startswith(("/", "#")) for link in page.links), page.links
    assert not [tag for tag, known in page.tags if "style" in known or any(name.startswith("on") for name in known)]
    assert not [tag for tag, known in page.tags if tag == "style" or (tag == "script" and "src" not in known)]
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert [known["href"] for tag, known in page.tags if "aria-current" in known] == [path]


@pytest.mark.parametrize("path", PAGES)
def test_every_field_has_a_name_that_is_read_aloud(there, path):
    text = there.http.get(path).text
    for field in re.findall(r"<input[^>]*>", text):
        labelled = (
            'type="hidden"' in field or "aria-label" in field or re.search(rf"<label>[^<]*{re.escape(field)}", text)
        )
        assert labelled, field


def test_every_link_leads_somewhere(there):
    seen, waiting = set(), list(PAGES)
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith("#") or len(seen) > 25:
            continue
        seen.add(path)
        answer = there.http.get(path)
        assert answer.status_code == 200, path
        if "text/html" in answer.headers["content-type"]:
            waiting += [known["href"] for tag, known in Page(answer.text).tags if tag == "a"]
    assert any(path.startswith("/rewrite?") for path in seen)
    assert any(path.startswith("/people?user=") for path in seen)


def test_what_was_learned_is_shown_with_its_evidence_and_drawn(there):
    page = there.http.get("/rewrites", params={"q": "dragons"}).text
    assert HEARD in page
    one = there.http.get("/rewrite", params={"request": HEARD})
    assert "play imagine dragons" in one.text
    assert re.search(r"\d+ users in \d+ sessions", one.text)
    [picture] = [known["src"] for tag, known in Page(one.text).tags if tag == "img"]
    assert "<svg" in there.http.get(picture).text


def numbers(text):
    """Addresses of turns on a page, and the number that each stands behind."""
    found = re.findall(r'href="(/turns\?[^"]+)">([\d,]+)(?: turns)?</a>', text)
    return {unescape(address): int(number.replace(",", "")) for address, number in found}


@pytest.mark.parametrize("page", ["/failures", "/people?user=USER"])
def test_a_number_leads_to_as_many_turns(there, page):
    user = next(iter(small_log(seed=0))).user_id
    told = numbers(there.http.get(page.replace("USER", user)).text)
    assert told
    for address, number in told.items():
        assert f"{number:,} turns of" in there.http.get(address).text, address


def test_the_arms_of_an_experiment_are_shown_and_lead_to_their_turns(tmp_path):
    with running(tmp_path) as there:
        spring = Experiment(name="spring", holdout=0.0)
        there.service.state.experiments.start(spring, at=datetime(2025, 12, 31, tzinfo=UTC))
        users = [f"user-{at}" for at in range(12)]
        sent = [turn("play jazz", user=user, arm=spring.assign(user).arm) for user in users]
        there.post("/v1/observe", b"\n".join(map(to_json, sent)))
        told = numbers(there.http.get("/experiments").text)
        assert {address.partition("=")[2] for address in told} == {"control", "treatment"}
        assert sum(told.values()) == len(users)
        for address, number in told.items():
            assert f"{number} turns of" in there.http.get(address).text


def test_words_that_few_share_are_shown_with_the_turns_of_their_person_alone(there):
    there.post("/v1/observe", to_json(turn("feed my secret iguana", user="kim", turn_id="kim-1")))
    submit(there, "/rewrites", "/pin", request="nothing at all", rewrite="something")
    assert "iguana" in there.http.get("/turns?user=kim").text
    for address in ("/turns?day=2026-01-01", "/turns?request=feed+my+secret+iguana"):
        page = there.http.get(address).text
        assert "not shared" in page
        assert "iguana" not in page.partition("<h2>")[2]


def test_a_misheard_name_is_given_to_a_device_and_taken_back(tmp_path):
    (tmp_path / "uptake.toml").write_text("[home]\n")
    with running(tmp_path) as there:
        page = submit(there, "/failures", "/name", name="Whole Lamp", device="Hall Light").text
        assert "is Hall Light for everybody" in page
        assert "whole lamp</span> is Hall Light" in page
        assert "must be the name of a device" in submit(there, "/failures", "/name", name="x", device="Moon").text
        assert "a device already" in submit(there, "/failures", "/name", name="hall light", device="Hall Light").text
        assert "The name is gone" in submit(there, "/failures", "/unname").text
        assert "whole lamp</span>" not in there.http.get("/failures").text
    with running(tmp_path / "without_a_home") as there:
        assert 'action="/name"' not in there.http.get("/failures").text


def decided(there):
    return there.post("/v1/rewrite", {"text": HEARD, "user_id": "somebody"}).json()["action"]


def test_a_rewrite_is_blocked_and_the_block_is_taken_back(there):
    page = f"/rewrite?request={HEARD.replace(' ', '+')}"
    assert "is left alone for everybody" in submit(there, page, "/block").text
    assert decided(there) == "leave"
    assert "The block is gone" in submit(there, page, "/unblock").text
    assert decided(there) == "rewrite"


def test_a_rewrite_is_approved_and_the_pin_is_taken_back(there):
    page = f"/rewrite?request={HEARD.replace(' ', '+')}"
    assert "because a person said so" in submit(there, page, "/pin").text
    assert "The pin is gone" in submit(there, page, "/unpin").text


def test_a_dry_run_says_what_is_decided_and_does_nothing(there):
    before = there.service.state.overrides.path.read_bytes() if there.service.state.overrides.path.exists() else None
    page = there.http.get("/rewrite", params={"request": HEARD, "instead": "stop it"}).text
    assert "Now it acts on “play imagine dragons”" in page
    again = there.http.get("/rewrite", params={"request": "nobody said so ever", "instead": "stop it"}).text
    assert "Now it is left alone" in again
    after = there.service.state.overrides.path.read_bytes() if there.service.state.overrides.path.exists() else None
    assert before == after


def test_where_only_what_was_approved_acts_the_console_says_so_and_approves(tmp_path):
    state = State(tmp_path)
    (tmp_path / "uptake.toml").write_text("[guard]\napproved_only = true\n")
    state.log.append(small_log(seed=0))
    release(state, ("rewrites",))
    state.log.close()
    with running(tmp_path) as service:
        page = service.http.get("/rewrites", params={"q": HEARD}).text
        assert "Nothing acts before a person approved it" in page
        assert decided(service) == "leave"
        dry = service.http.get("/rewrite", params={"request": HEARD, "instead": "stop it"}).text
        assert "No home is known here" in dry  # nobody lived with the assistant here, and no page makes one up
        submit(service, f"/rewrites?q={HEARD}", "/pin", pick={"request": HEARD})
        assert decided(service) == "rewrite"


def test_a_failure_is_fixed_in_place_and_what_is_ignored_stays_ignored(there):
    rows = re.findall(r'name="request" value="([^"]+)"', there.http.get("/failures").text)
    assert "learned: " in there.http.get("/failures").text.partition(HEARD)[2].partition("</tr>")[0]
    fixed, ignored, *_ = dict.fromkeys(row for row in rows if row != HEARD)
    submit(there, "/failures", "/pin", pick={"request": fixed}, rewrite="play something else")
    found = there.post("/v1/rewrite", {"text": fixed, "user_id": "somebody"}).json()
    assert found["text"] == "play something else"
    submit(there, "/failures", "/ignore", pick={"request": ignored})
    page = there.http.get("/failures").text
    assert ignored not in page.partition("<h2>Ignored</h2>")[0]
    submit(there, "/failures", "/ignore", pick={"request": ignored, "again": "yes"})
    assert ignored in there.http.get("/failures").text


def test_an_experiment_is_started_looked_at_and_stopped(there):
    assert "30% of people" in submit(there, "/experiments", "/experiments/start", name="spring", control="30").text
    assert there.service.state.experiments.running().name == "spring"
    assert "spring runs" in there.http.get("/experiments").text
    assert "spring is stopped" in submit(there, "/experiments", "/experiments/stop").text
    assert there.service.state.experiments.running() is None


def test_a_person_is_forgotten_only_when_their_pseudonym_is_typed_again(there):
    there.post("/v1/observe", to_json(turn("play jazz", user="lou & co", turn_id="lou-1")))
    page = "/people?user=lou+%26+co"
    assert "type the pseudonym once more" in submit(there, page, "/forget", again="lou").text
    assert there.http.get("/export", params={"user": "lou & co"}).content.count(b"\n") == 1
    assert "1 turns were forgotten" in submit(there, page, "/forget", again="lou & co").text
    assert there.service.state.log.turns_of("lou & co") == 0


def test_what_a_person_taught_is_shown_and_forgotten(there):
    taught = {"user_id": "mo", "rows": [{"concept": "dusk & dawn", "alias_of": "Hall Lamp"}]}
    there.post("/v1/concepts", taught)
    page = "/people?user=mo"
    assert "dusk &amp; dawn" in there.http.get(page).text
    assert "It is forgotten" in submit(there, page, "/forget-taught").text
    assert "Nothing yet" in there.http.get(page).text


def test_a_request_that_is_a_script_is_shown_and_not_run(there):
    wish = "<script>alert(1)</script> \"'><img src=x onerror=alert(2)>"
    there.service.state.overrides.put(Override(wish, "something <u>else</u>"))
    sent = [turn(wish, user="<b>eve</b>", turn_id=f"eve-{at}", acted_on="<i>x</i>") for at in range(3)]
    there.post("/v1/observe", b"\n".join(map(to_json, sent)))
    there.service.residents.refresh()
    for path in ("/people", "/people?user=%3Cb%3Eeve%3C/b%3E", "/rewrites", f"/rewrite?request={wish}&user=<b>eve</b>"):
        answer = there.http.get(path)
        names = [tag for tag, _ in Page(answer.text).tags]
        assert "img" not in names or path.startswith("/rewrite?")
        assert names.count("script") <= 1
        assert "b" not in names[names.index("main") :]
        assert "<script>alert" not in answer.text


def test_a_form_without_our_secret_changes_nothing(there):
    fields = form(there.http.get(f"/rewrite?request={HEARD.replace(' ', '+')}"), "/block")
    for wrong in ({**fields, "csrf": "guess"}, {name: value for name, value in fields.items() if name != "csrf"}):
        assert there.http.post("/block", data=wrong).status_code == 403
    foreign = there.http.post("/block", data=fields, headers={"sec-fetch-site": "cross-site"})
    assert (foreign.status_code, decided(there)) == (403, "rewrite")


def test_below_a_prefix_every_address_stays_below_it(tmp_path):
    with running(tmp_path, root_path="/uptake") as there:
        page = Page(there.http.get("/").text)
        assert all(link.startswith(("/uptake/", "#")) for link in page.links), page.links
    with running(tmp_path) as there:
        page = Page(there.http.get("/", headers={"x-ingress-path": "/api/hassio_ingress/abc"}).text)
        assert all(link.startswith(("/api/hassio_ingress/abc/", "#")) for link in page.links)
        for wrong in ("//evil.example", '/" onload="x', "https://evil.example"):
            links = Page(there.http.get("/", headers={"x-ingress-path": wrong}).text).links
            assert not [link for link in links if "evil" in link or "onload" in link]


def test_with_tokens_one_signs_in_and_a_removed_token_ends_the_session(tmp_path):
    tokens = TokenFile(tmp_path / "tokens.json")
    secret, less, home = tokens.add("all", []), tokens.add("less", ["rewrite"]), tokens.add("home", [], ["h1"])
    with running(tmp_path) as there:
        assert there.http.get("/").status_code == 401
        for wrong in ("guess", less, home):
            assert there.http.post("/sign-in", data={"token": wrong}).status_code in (401, 403)
        entered = there.http.post("/sign-in", data={"token": secret}, follow_redirects=True)
        assert "No turn has arrived yet" in entered.text
        cookie = entered.history[0].headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert secret not in cookie
        tokens.remove("all")
        assert there.http.get("/").status_code == 401


def test_a_token_that_may_only_read_changes_nothing(tmp_path):
    secret = TokenFile(tmp_path / "tokens.json").add("reads", ["read"])
    with running(tmp_path) as there:
        there.http.post("/sign-in", data={"token": secret})
        assert submit(there, "/rewrites", "/pin", request="a", rewrite="b").status_code == 403
        assert len(there.service.state.overrides.read()) == 0


@pytest.mark.slow
def test_a_name_that_was_given_is_understood_at_once_from_anybody(tmp_path):
    (tmp_path / "uptake.toml").write_text("[home]\n")
    with running(tmp_path) as there:
        before = submit(there, "/try", "/try", text="turn on the whole lamp", user="ann").text
        assert "The hall light is on" not in before
        submit(there, "/failures", "/name", name="whole lamp", device="Hall Light")
        after = submit(there, "/try", "/try", text="turn off the whole lamp", user="bo").text
        assert "The hall light is off" in after


@pytest.mark.slow
def test_one_talks_with_the_assistant_and_sees_what_every_stage_did(tmp_path):
    with running(tmp_path) as there:
        page = submit(there, "/try", "/try", text="turn on the light", user="ann", room="Kitchen").text
        assert "The kitchen light is on." in page
        for stage in ("hear", "read", "resolve", "act"):
            assert f">{stage}</td>" in page
        assert there.service.state.log.turns_of("ann") == 1


def test_the_stage_that_failed_stands_beside_a_request_and_its_counts_lead_to_their_turns(there):
    page = there.http.get("/failures").text
    stages = re.findall(r'<a href="(/turns\?stage=\w+(?:&amp;place=[^"]+)?)">([\d,]+)</a>', page)
    assert any("place=" in address for address, _ in stages)
    for address, number in stages:
        assert f"{number} turns of" in there.http.get(unescape(address)).text
    assert "fails most often in" in page


def test_how_a_request_ended_with_and_without_its_rewrite_leads_to_the_turns(there):
    page = there.http.get("/rewrite", params={"request": HEARD}).text
    ended = re.findall(r'<a href="(/turns\?request=[^"]+&amp;acted=(?:yes|no))">([\d,]+)</a>', page)
    assert [address.endswith("yes") for address, _ in ended] == [True, False]
    assert sum(int(number.replace(",", "")) for _, number in ended) > 0
    for address, number in ended:
        assert f"{number} turns of" in there.http.get(unescape(address)).text


def test_offers_are_switched_on_and_off_for_a_person(there):
    there.post("/v1/observe", to_json(turn("play jazz", user="pia", turn_id="pia-1")))
    page = "/people?user=pia"
    assert "They hear no offers" in there.http.get(page).text
    assert "They hear offers: all" in submit(there, page, "/offers").text
    assert "They hear no offers" in submit(there, page, "/offers").text


@pytest.mark.slow
def test_what_a_person_taught_is_changed_in_the_words_they_would_say(tmp_path):
    (tmp_path / "uptake.toml").write_text("[home]\n")
    with running(tmp_path) as there:
        there.post("/v1/observe", to_json(turn("play jazz", user="ann", turn_id="ann-1")))
        page = "/people?user=ann"
        taught = submit(there, page, "/teach", concept="supper time", said="the kitchen light at 60 percent").text
        assert "supper time: Kitchen Light: 60 percent" in taught
        known = {"concept": "supper time"}
        assert "Nothing changed." in submit(there, page, "/teach", pick=known, said="you know what I mean").text
        changed = submit(there, page, "/teach", pick=known, said="the kitchen light at 35 percent").text
        assert '<td data-label="means">Kitchen Light: 35 percent</td>' in changed
        assert "The kitchen light is at 35 %." in submit(there, "/try", "/try", text="supper time", user="ann").text
        assert ">vegan</td>" in submit(there, page, "/teach", pick={"concept": None}, said="I'm vegan").text
        before = there.service.state.log.turns_of("ann")
        assert (
            "Nothing changed."
            in submit(there, page, "/teach", pick={"concept": None}, said="turn on the hall light").text
        )
        assert there.service.state.log.turns_of("ann") == before  # a command beside the statements does nothing
