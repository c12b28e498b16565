"""Teaching dialogues written for the tests: each a home, what is said, and what must come of it.

A line is "kind | what is said | what is expected": `gap` words that are asked about; `-` nothing is offered; `does` and
`means` list actions, "intent, devices, values"; `same` means what was meant before; `no` is no recall.
"""

from __future__ import annotations

# ruff: noqa: E501 - a line is a turn

FLAT = {
    "areas": ["Lounge", "Bedroom", "Kitchen", "Hall"],
    "entities": [
        ("Lounge Lamp", "Lounge", "light"), ("Spotlights", "Lounge", "light"), ("Telly", "Lounge", "media_player"),
        ("Lounge Blinds", "Lounge", "cover"), ("Lounge Fan", "Lounge", "fan"),
        ("Bedroom Light", "Bedroom", "light"), ("Reading Lamp", "Bedroom", "light"), ("Bedroom Radiator", "Bedroom", "climate"),
        ("Kitchen Light", "Kitchen", "light"), ("Kitchen Radio", "Kitchen", "media_player"), ("Kettle", "Kitchen", "switch"),
        ("Hall Light", "Hall", "light"), ("Front Door", "Hall", "lock"),
    ],
}  # fmt: skip

VILLA = {
    "areas": ["Family Room", "Nursery", "Study", "Garage", "Terrace"],
    "entities": [
        ("Family Room Light", "Family Room", "light"), ("Arc Lamp", "Family Room", "light"), ("Soundbar", "Family Room", "media_player"),
        ("Family Room Curtains", "Family Room", "cover"), ("Nursery Light", "Nursery", "light"), ("Mobile", "Nursery", "switch"),
        ("Nursery Speaker", "Nursery", "media_player"), ("Study Light", "Study", "light"), ("Desk Fan", "Study", "fan"),
        ("Garage Light", "Garage", "light"), ("Garage Door", "Garage", "cover"), ("Terrace Lights", "Terrace", "light"),
        ("Awning", "Terrace", "cover"), ("Alarm", "Garage", "alarm_control_panel"), ("Heating", "Study", "climate"),
        ("Dustin", "Family Room", "vacuum"),
    ],
}  # fmt: skip

TALKS: list[tuple[str, dict, str]] = [
    (
        "scene in a room",
        FLAT,
        """
        request | set the lounge to pirate mode | gap pirate mode
        definition | lamp at thirty, spotlights off, blinds shut | means HassLightSet, Lounge Lamp, brightness=30; HassTurnOff, Spotlights; HassTurnOff, Lounge Blinds
        confirm | yep that's it | stored
        use | pirate mode please | does same
        use | can we have pirate mode in the lounge | does same
        use | what is a pirate's favourite letter | no""",
    ),
    (
        "brightness carried to other rooms",
        FLAT,
        """
        request | bedroom light to candlelit dinner | gap candlelit dinner
        definition | twelve percent | means HassLightSet, Bedroom Light, brightness=12
        confirm | yes | stored
        use | put the kitchen on candlelit dinner | does HassLightSet, Kitchen Light, brightness=12
        use | candlelit dinner for the hall light | does HassLightSet, Hall Light, brightness=12
        use | remind me about the candlelit dinner | no""",
    ),
    (
        "colour",
        FLAT,
        """
        request | could you turn the reading lamp to mermaid | gap mermaid
        definition | it's a kind of turquoise | means HassLightSet, Reading Lamp, color=turquoise
        confirm | correct | stored
        use | mermaid in the kitchen please | does HassLightSet, Kitchen Light, color=turquoise
        use | play the little mermaid | no""",
    ),
    (
        "temperature",
        FLAT,
        """
        request | set the bedroom radiator to hibernation | gap hibernation
        definition | about sixteen degrees | means HassClimateSetTemperature, Bedroom Radiator, temperature=16
        confirm | sure | stored
        use | radiator on hibernation | does same
        use | set the lounge blinds to hibernation | no""",
    ),
    (
        "position",
        VILLA,
        """
        request | put the awning at picnic | gap picnic
        definition | seventy percent open | means HassSetPosition, Awning, position=70
        confirm | yes please | stored
        use | awning to picnic | does same
        use | family room curtains to picnic | does HassSetPosition, Family Room Curtains, position=70""",
    ),
    (
        "volume",
        VILLA,
        """
        request | turn the soundbar down to baby asleep | gap baby asleep
        definition | eight percent | means HassSetVolume, Soundbar, volume_level=8
        confirm | go for it | stored
        use | nursery speaker at baby asleep | does HassSetVolume, Nursery Speaker, volume_level=8""",
    ),
    (
        "speed",
        VILLA,
        """
        request | desk fan to helicopter | gap helicopter
        definition | full blast | means HassFanSetSpeed, Desk Fan, percentage=100
        confirm | ha, yes | stored
        use | set the fan to helicopter | does same""",
    ),
    (
        "duration",
        FLAT,
        """
        request | set a timer for grandma's egg | gap grandma's egg
        definition | six and a half minutes | means HassStartTimer, , minutes=6 seconds=30
        confirm | yes | stored
        use | timer for grandma's egg please | does same""",
    ),
    (
        "media",
        FLAT,
        """
        definition | when I say wind down, play the playlist Calm Waters on the kitchen radio | means HassMediaSearchAndPlay, Kitchen Radio, search_query=calm waters media_class=playlist
        confirm | yes | stored
        use | wind down | does same
        use | play wind down | does same
        use | turn the kitchen radio down | no""",
    ),
    (
        "two clarifications, then given up",
        FLAT,
        """
        request | make the kitchen festive | gap festive
        definition | you know, nice and bright | unclear
        definition | well, festive, sort of glowing | unclear
        cancel | forget it then | -""",
    ),
    (
        "clarified",
        FLAT,
        """
        request | kitchen light on detective | gap detective
        definition | dim | unclear
        definition | five percent | means HassLightSet, Kitchen Light, brightness=5
        confirm | perfect | stored""",
    ),
    (
        "same as",
        FLAT,
        """
        definition | when I say cave, set the lounge lamp to 10 percent and blue | means HassLightSet, Lounge Lamp, brightness=10 color=blue
        confirm | yes | stored
        request | put the reading lamp on grotto | gap grotto
        definition | just like cave | means HassLightSet, Reading Lamp, brightness=10 color=blue
        confirm | yes | stored
        use | grotto in the kitchen | does HassLightSet, Kitchen Light, brightness=10 color=blue""",
    ),
    (
        "nested",
        FLAT,
        """
        definition | from now on dusk means lounge lamp at 20 percent | means HassLightSet, Lounge Lamp, brightness=20
        confirm | yes | stored
        definition | when I say bedtime story, do dusk and turn on the reading lamp | means HassLightSet, Lounge Lamp, brightness=20; HassTurnOn, Reading Lamp
        confirm | that's right | stored
        use | it's bedtime story time | does same""",
    ),
    (
        "circular",
        FLAT,
        """
        request | do the zigzag thing | gap the zigzag thing
        definition | zigzag thing is the zigzag thing | refused
        cancel | never mind | -""",
    ),
    (
        "contradiction",
        FLAT,
        """
        request | set the hall light to vampire | gap vampire
        definition | turn it off and set it to eighty percent | refused
        cancel | leave it | -""",
    ),
    (
        "declarative",
        VILLA,
        """
        definition | when I say we're off, turn everything off and close the curtains | means HassTurnOff, Family Room Light+Arc Lamp+Soundbar+Nursery Light+Mobile+Nursery Speaker+Study Light+Desk Fan+Garage Light+Terrace Lights; HassTurnOff, Family Room Curtains
        confirm | yes | stored
        use | we're off | does same
        use | ok we're off everyone | does same""",
    ),
    (
        "declarative, verb first and shared",
        VILLA,
        """
        definition | movie magic means turn off the family room light and the arc lamp | means HassTurnOff, Family Room Light+Arc Lamp
        confirm | exactly | stored
        use | activate movie magic | does same
        use | who starred in movie magic | no""",
    ),
    (
        "declarative, trailing",
        FLAT,
        """
        definition | turn off the kettle and the kitchen radio whenever I say tea is done | means HassTurnOff, Kettle; HassTurnOff, Kitchen Radio
        confirm | yes | stored
        use | tea is done | does same""",
    ),
    (
        "alias of a device",
        FLAT,
        """
        definition | the shouty box is the telly | alias Telly
        confirm | yes | stored
        use | turn on the shouty box | does HassTurnOn, Telly
        use | shouty box off please | does HassTurnOff, Telly""",
    ),
    (
        "alias, called",
        VILLA,
        """
        definition | we call the vacuum Sir Sucks a lot | alias Dustin
        confirm | yes | stored
        use | start Sir Sucks a lot | does HassVacuumStart, Dustin""",
    ),
    (
        "alias of a room, asked",
        VILLA,
        """
        request | lights off in the baby cave | gap the baby cave
        definition | that's the nursery | alias Nursery
        confirm | yes | stored
        use | turn on the light in the baby cave | does HassTurnOn, Nursery Light""",
    ),
    (
        "mishearing taught",
        FLAT,
        """
        definition | when you hear spot flights I mean the spotlights | alias Spotlights
        confirm | yes | stored
        use | spot flights on | does HassTurnOn, Spotlights""",
    ),
    (
        "correction at once",
        FLAT,
        """
        request | lounge lamp to sherbet | gap sherbet
        definition | pink at forty | means HassLightSet, Lounge Lamp, color=pink brightness=40
        clarify | no, make it fifty | means HassLightSet, Lounge Lamp, color=pink brightness=50
        confirm | yes | stored
        use | sherbet | does same""",
    ),
    (
        "correction later",
        FLAT,
        """
        definition | when I say nap, close the lounge blinds | means HassTurnOff, Lounge Blinds
        confirm | yes | stored
        definition | change nap to lounge blinds at 20 percent | means HassSetPosition, Lounge Blinds, position=20
        confirm | yes | stored
        use | nap | does same""",
    ),
    (
        "an addition while it is confirmed",
        FLAT,
        """
        request | do the guests thing | gap the guests thing
        definition | hall light on | means HassTurnOn, Hall Light
        clarify | and the kitchen light too | means HassTurnOn, Hall Light; HassTurnOn, Kitchen Light
        confirm | that's it | stored""",
    ),
    (
        "rambling",
        FLAT,
        """
        request | set the lounge lamp to granny's evening | gap granny's evening
        definition | oh well you see my granny she always used to sit there knitting and she liked it quite warm, warm white I think they call it, and you know about, hmm, thirty five percent would do | means HassLightSet, Lounge Lamp, brightness=35 temperature=2700
        confirm | lovely, thank you | stored
        use | granny's evening in the bedroom | does HassLightSet, Bedroom Light+Reading Lamp, brightness=35 temperature=2700""",
    ),
    (
        "declined, and not asked again",
        FLAT,
        """
        request | set the kitchen light to robot | gap robot
        cancel | I don't want to explain that now, forget it | -
        request | set the kitchen light to robot | -""",
    ),
    (
        "another wish instead",
        FLAT,
        """
        request | put the hall on disco inferno | gap disco inferno
        cancel | never mind, just turn on the hall light | -""",
    ),
    (
        "forgotten",
        FLAT,
        """
        definition | aurora means the lounge lamp green | means HassLightSet, Lounge Lamp, color=green
        confirm | yes | stored
        use | aurora | does same
        other | forget aurora | -
        request | put the lounge lamp on aurora | gap aurora
        cancel | no thanks | -""",
    ),
    (
        "critical",
        VILLA,
        """
        request | do the parcel thing | gap the parcel thing
        definition | open the garage door and turn the alarm off | refused
        cancel | no | -""",
    ),
    (
        "an unknown voice",
        FLAT,
        """
        definition@unknown | from now on when I say sesame unlock the front door | refused
        definition@unknown | remember that hello means unlock the front door | refused""",
    ),
    (
        "shadowing",
        FLAT,
        """
        definition | when I say kettle, turn on the telly | means HassTurnOn, Telly""",
    ),
    (
        "misheard names",
        FLAT,
        """
        request | turn on the ketel | -
        request | turn on the reeding lamb | -
        request | set the lunge lamp to fifty percent | -
        request | set the kitchen light to purpul | -""",
    ),
    (
        "not supported",
        FLAT,
        """
        request | order two pizzas | -
        request | walk the dog | -
        request | paint the bedroom wall | -
        request | make me a coffee | -
        request | book a flight to Rome | -""",
    ),
    (
        "not addressed",
        FLAT,
        """
        request | and then he said he would be late | -
        request | we were in the kitchen all evening | -
        request | the bedroom is a mess again | -
        request | thanks you're great | -
        request | I think mum left it in the lounge | -""",
    ),
    (
        "ordinary requests",
        FLAT,
        """
        request | turn on the lounge lamp | -
        request | set the bedroom light to 20 percent | -
        request | what's the weather like | -
        request | open the lounge blinds | -
        request | turn the lounge fan off | -
        request | play some jazz in the kitchen | -
        request | set an alarm for six thirty | -
        request | add eggs to the shopping list | -
        request | is the front door locked | -
        request | dim the lounge lights a bit | -""",
    ),
    (
        "two people, one word",
        FLAT,
        """
        definition@ann | when I say snug, set the lounge lamp to 20 percent | means HassLightSet, Lounge Lamp, brightness=20
        confirm@ann | yes | stored
        definition@bo | when I say snug, set the lounge lamp to red | means HassLightSet, Lounge Lamp, color=red
        confirm@bo | yes | stored
        use@ann | snug | does HassLightSet, Lounge Lamp, brightness=20
        use@bo | snug please | does HassLightSet, Lounge Lamp, color=red
        other@unknown | what did ann teach you? | -
        use@unknown | snug | no""",
    ),
    (
        "shared with everybody",
        FLAT,
        """
        definition@ann | for everyone in this house, blackout means all the lights off | means HassTurnOff, Lounge Lamp+Spotlights+Bedroom Light+Reading Lamp+Kitchen Light+Hall Light
        confirm@ann | yes | stored
        use@bo | blackout | does same
        use@unknown | blackout please | does same""",
    ),
    (
        "swearing",
        FLAT,
        """
        request | set the bloody lounge lamp to hell | gap hell
        definition | fucking red, ninety percent | means HassLightSet, Lounge Lamp, color=red brightness=90
        confirm | damn right | stored
        use | lounge lamp to hell | does same""",
    ),
    (
        "asked for twice",
        FLAT,
        """
        request | put the bedroom on owl | gap owl
        definition | reading lamp at fifteen percent, bedroom light off | means HassLightSet, Reading Lamp, brightness=15; HassTurnOff, Bedroom Light
        confirm | yes that's good | stored
        use | bedroom to owl | does same
        use | owl | does same
        use | could you do owl in the bedroom for me | does same""",
    ),
    (
        "a mode for a kind",
        FLAT,
        """
        request | dim the lounge lights to whispering | gap whispering
        definition | set them to eight percent | means HassLightSet, Lounge Lamp+Spotlights, brightness=8
        confirm | yup | stored
        use | kitchen light at whispering | does HassLightSet, Kitchen Light, brightness=8
        use | set the telly to whispering | does HassSetVolume, Telly, volume_level=8""",
    ),
    (
        "an answer as a sentence",
        FLAT,
        """
        request | make the lounge feel like a campfire | gap feel like a campfire
        cancel | oh drop it | -""",
    ),
    (
        "a mode by its verb",
        VILLA,
        """
        request | activate beast mode | gap beast mode
        definition | desk fan at full and the study light at 100 percent | means HassFanSetSpeed, Desk Fan, percentage=100; HassLightSet, Study Light, brightness=100
        confirm | do it | stored
        use | beast mode on | does same
        use | beast mode please | does same
        use | switch to beast mode | does same
        use | is beast mode on | no""",
    ),
    (
        "asked what it is",
        VILLA,
        """
        definition | sundown means close the awning and set the terrace lights to 30 percent | means HassTurnOff, Awning; HassLightSet, Terrace Lights, brightness=30
        confirm | right | stored
        other | what does sundown do? | -
        other | what have you learned? | -
        other | rename sundown to golden hour | -
        use | golden hour | does same
        use | sundown | no""",
    ),
    (
        "a name for what was done",
        FLAT,
        """
        use | set the lounge lamp to 25 percent | no
        definition | call that moonrise | means HassLightSet, Lounge Lamp, brightness=25
        confirm | yes | stored
        use | moonrise in the bedroom | does HassLightSet, Bedroom Light+Reading Lamp, brightness=25""",
    ),
    (
        "not for now",
        FLAT,
        """
        definition | when I say party, lounge lamp purple | means HassLightSet, Lounge Lamp, color=purple
        confirm | yes | stored
        use | don't do party | no
        use | the party was great yesterday | no
        use | add party hats to the shopping list | no
        use | play party music | no
        use | when is the party | no
        use | lounge lamp party | does same""",
    ),
    (
        "bad answers",
        FLAT,
        """
        request | set the hall light to unicorn | gap unicorn
        definition | you should know that by now | unclear
        definition | what do you mean | unclear
        cancel | I don't know | -""",
    ),
    (
        "another name, other wordings",
        VILLA,
        """
        definition | I call the arc lamp Bendy | alias Arc Lamp
        confirm | yes | stored
        use | set Bendy to forty percent | does HassLightSet, Arc Lamp, brightness=40
        definition | the terrace is also known as the deck | alias Terrace
        confirm | yes | stored
        use | lights off on the deck | does HassTurnOff, Terrace Lights
        use | order a new deck of cards | no""",
    ),
]
"""(what it is about, home, lines)."""
