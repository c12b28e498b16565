"""Homes in which the tests teach."""

from tests.teaching.talks import FLAT, VILLA
from uptake.assistant.entities.household import Household
from uptake.assistant.home import VirtualHome
from uptake.assistant.teaching.house_view import house_of
from uptake.lab.evaluate.teaching.rows import home_of

COTTAGE = {
    "areas": ["Parlour", "Scullery", "Loft", "Landing", "Yard"],
    "entities": [
        ("Parlour Light", "Parlour", "light"), ("Standing Lamp", "Parlour", "light"),
        ("Gramophone", "Parlour", "media_player"), ("Parlour Drapes", "Parlour", "cover"),
        ("Log Heater", "Parlour", "climate"), ("Scullery Light", "Scullery", "light"),
        ("Percolator", "Scullery", "switch"), ("Washer", "Scullery", "switch"), ("Loft Light", "Loft", "light"),
        ("Lava Lamp", "Loft", "light"), ("Loft Fan", "Loft", "fan"), ("Landing Light", "Landing", "light"),
        ("Main Door", "Landing", "lock"), ("Burglar Alarm", "Landing", "alarm_control_panel"),
        ("Yard Lights", "Yard", "light"), ("Pump", "Yard", "switch"),
    ],
}  # fmt: skip

CONDO = {
    "areas": ["Den", "Master Bedroom", "Kitchenette", "Balcony", "Entry"],
    "entities": [
        ("Den Light", "Den", "light"), ("Globe Lamp", "Den", "light"), ("Den TV", "Den", "media_player"),
        ("Den Shades", "Den", "cover"), ("Humidifier", "Den", "humidifier"), ("Aircon", "Den", "climate"),
        ("Master Bedroom Light", "Master Bedroom", "light"), ("Left Lamp", "Master Bedroom", "light"),
        ("Right Lamp", "Master Bedroom", "light"), ("Bedroom Fan", "Master Bedroom", "fan"),
        ("Clock Radio", "Master Bedroom", "media_player"), ("Kitchenette Light", "Kitchenette", "light"),
        ("Toaster", "Kitchenette", "switch"), ("Balcony Light", "Balcony", "light"), ("Entry Light", "Entry", "light"),
        ("Entry Door", "Entry", "lock"), ("Garage Gate", "Entry", "cover"), ("Dobby", "Entry", "vacuum"),
    ],
}  # fmt: skip

LODGE = {
    "areas": ["Snug", "Playroom", "Conservatory", "Utility", "Porch"],
    "entities": [
        ("Snug Light", "Snug", "light"), ("Banker Lamp", "Snug", "light"), ("Turntable", "Snug", "media_player"),
        ("Snug Blind", "Snug", "cover"), ("Stove", "Snug", "climate"), ("Playroom Light", "Playroom", "light"),
        ("Fairy Lights", "Playroom", "light"), ("Tablet", "Playroom", "media_player"),
        ("Conservatory Light", "Conservatory", "light"), ("Conservatory Fan", "Conservatory", "fan"),
        ("Roof Window", "Conservatory", "cover"), ("Heat Lamp", "Conservatory", "switch"),
        ("Utility Light", "Utility", "light"), ("Tumble Dryer", "Utility", "switch"), ("Bruno", "Utility", "vacuum"),
        ("Porch Light", "Porch", "light"), ("Porch Door", "Porch", "lock"), ("Side Gate", "Porch", "cover"),
    ],
}  # fmt: skip

PENTHOUSE = {
    "areas": ["Lounge", "Gym", "Bathroom", "Spare Room", "Roof", "Hallway"],
    "entities": [
        ("Lounge Light", "Lounge", "light"), ("Track Lights", "Lounge", "light"), ("Uplighter", "Lounge", "light"),
        ("Home Cinema", "Lounge", "media_player"), ("Lounge Curtains", "Lounge", "cover"),
        ("Thermostat", "Lounge", "climate"), ("Gym Light", "Gym", "light"), ("Gym Fan", "Gym", "fan"),
        ("Gym Speaker", "Gym", "media_player"), ("Bathroom Light", "Bathroom", "light"),
        ("Mirror Light", "Bathroom", "light"), ("Towel Rail", "Bathroom", "switch"),
        ("Spare Room Light", "Spare Room", "light"), ("Bedside Lamp", "Spare Room", "light"),
        ("Spare Room Blinds", "Spare Room", "cover"), ("Roof Lights", "Roof", "light"), ("Hot Tub", "Roof", "switch"),
        ("Front Door", "Hallway", "lock"), ("Roomie", "Hallway", "vacuum"),
    ],
}  # fmt: skip

BARN = {
    "areas": ["Great Room", "Mezzanine", "Tack Room", "Kitchen", "Courtyard"],
    "entities": [
        ("Great Room Light", "Great Room", "light"), ("Wagon Wheel", "Great Room", "light"),
        ("Nook Lamp", "Great Room", "light"),
        ("Wood Stove", "Great Room", "climate"), ("Projector", "Great Room", "media_player"),
        ("Great Room Shutters", "Great Room", "cover"),
        ("Mezzanine Light", "Mezzanine", "light"), ("Ceiling Fan", "Mezzanine", "fan"),
        ("Record Player", "Mezzanine", "media_player"),
        ("Kitchen Light", "Kitchen", "light"), ("Island Lights", "Kitchen", "light"),
        ("Kitchen Speaker", "Kitchen", "media_player"),
        ("Bread Machine", "Kitchen", "switch"), ("Tack Room Light", "Tack Room", "light"),
        ("Tack Room Heater", "Tack Room", "climate"),
        ("Courtyard Lights", "Courtyard", "light"), ("Barn Door", "Courtyard", "lock"),
        ("Drive Gate", "Courtyard", "cover"),
        ("Hector", "Great Room", "vacuum"),
    ],
}  # fmt: skip

BOAT = {
    "areas": ["Saloon", "Galley", "Cabin", "Deck", "Wheelhouse"],
    "entities": [
        ("Saloon Light", "Saloon", "light"), ("Porthole Lamp", "Saloon", "light"),
        ("Saloon Radio", "Saloon", "media_player"),
        ("Saloon Blinds", "Saloon", "cover"), ("Heater", "Saloon", "climate"), ("Galley Light", "Galley", "light"),
        ("Galley Fan", "Galley", "fan"), ("Kettle", "Galley", "switch"), ("Cabin Light", "Cabin", "light"),
        ("Bunk Light", "Cabin", "light"),
        ("Cabin Curtain", "Cabin", "cover"), ("Dehumidifier", "Cabin", "humidifier"),
        ("Deck Lights", "Deck", "light"),
        ("Deck Speaker", "Deck", "media_player"), ("Bilge Pump", "Deck", "switch"),
        ("Wheelhouse Light", "Wheelhouse", "light"),
        ("Hatch", "Wheelhouse", "lock"),
    ],
}  # fmt: skip

ROW = {
    "areas": ["Front Room", "Dining Room", "Back Bedroom", "Box Room", "Cellar"],
    "entities": [
        ("Front Room Light", "Front Room", "light"), ("Tripod Lamp", "Front Room", "light"),
        ("Front Room TV", "Front Room", "media_player"),
        ("Front Room Blind", "Front Room", "cover"), ("Gas Fire", "Front Room", "climate"),
        ("Dining Room Light", "Dining Room", "light"),
        ("Pendant", "Dining Room", "light"), ("Dining Room Speaker", "Dining Room", "media_player"),
        ("Back Bedroom Light", "Back Bedroom", "light"), ("Bedside Light", "Back Bedroom", "light"),
        ("Tower Fan", "Back Bedroom", "fan"),
        ("Back Bedroom Curtains", "Back Bedroom", "cover"), ("Box Room Light", "Box Room", "light"),
        ("Monitor Light", "Box Room", "light"),
        ("Printer", "Box Room", "switch"), ("Cellar Light", "Cellar", "light"), ("Cellar Pump", "Cellar", "switch"),
        ("Street Door", "Front Room", "lock"), ("Sooty", "Dining Room", "vacuum"),
    ],
}  # fmt: skip

SHIPPED = None
HOMES = {
    "FLAT": FLAT,
    "VILLA": VILLA,
    "COTTAGE": COTTAGE,
    "CONDO": CONDO,
    "LODGE": LODGE,
    "PENTHOUSE": PENTHOUSE,
    "BARN": BARN,
    "BOAT": BOAT,
    "ROW": ROW,
    "SHIPPED": SHIPPED,
}


def told(home):
    """Return a home as the evaluation reads it; None for the home that comes with the package."""
    if home is None:
        return _written(VirtualHome.load(None))
    return {**home, "entities": [dict(zip(("name", "area", "domain"), each, strict=True)) for each in home["entities"]]}


def _written(shipped):
    household = Household(shipped)
    names = [household.area_name(each) for each in household.devices]
    entities = [
        {"name": each.name, "area": area, "domain": each.domain}
        for each, area in zip(household.devices, names, strict=True)
    ]
    return {"areas": [area.name for area in household.areas], "entities": entities}


def house(home):
    return house_of(Household(home_of(told(home))))


FLAT_HOUSE, VILLA_HOUSE = house(FLAT), house(VILLA)
