"""Words of statements of preference: diets, units, services, means of travel, languages, styles.

Limit: English words; services of which the name alone says what they are for are the well-known ones.
"""

from __future__ import annotations

__all__ = ["ABOUT", "COMMUTES", "DIETS", "DIET_ENDS", "LANGUAGES", "SERVICES", "STYLES", "UNITS"]

DIETS = {
    "vegetarian": (
        r"vegetarians?|veggie|meat[- ]?free|(?:don't|do not|never) eat (?:any )?meat|(?:gave|given) up meat|stopped "
        r"eating meat|(?:don't|do not|never) eat (?:any )?(?:fish or meat|meat or fish)|off meat|stay away from meat"
    ),
    "vegan": r"vegans?|plant[- ]based|(?:don't|do not|never) (?:eat|use) (?:any )?animal products|no animal products",
    "pescatarian": r"pescatarians?|pescetarians?|only eat fish|(?:eat|have) fish but no(?:t)? meat",
    "halal": r"halal",
    "kosher": r"kosher",
    "gluten free": (
        r"gluten[- ]free|c(?:o)?eliacs?(?: disease)?|no gluten|(?:can't|cannot|don't|do not) (?:eat|have|do) "
        r"(?:[a-z]+ or )?(?:any |anything with )"
        r"?gluten|avoid gluten|off gluten"
    ),
    "dairy free": (
        r"dairy[- ]free|no dairy|(?:can't|cannot|don't|do not) (?:eat|have|do|drink) (?:any )?(?:dairy|milk)|"
        r"lactose[- ](?:intolerant|free)|avoid dairy|off dairy"
    ),
    "keto": r"keto(?:genic)?",
    "low salt": (
        r"low[- ](?:salt|sodium)|(?:less|no) (?:salt|sodium)|(?:watch|watching|cutting|cut) (?:down on |back on |out "
        r")?(?:my |our )?(?:salt|sodium)|salt[- ]free"
    ),
    "low sugar": (
        r"low[- ]sugar|sugar[- ]free|(?:less|no) sugar|(?:watch|watching|cutting|cut|avoid|avoiding) (?:down on |"
        r"back on |out )?(?:my |our )?sugar|off sugar"
    ),
    "no pork": (
        r"no pork|(?:can't|cannot|don't|do not|never) (?:eat|touch|have|do|cook) (?:any )?pork|pork[- ]free|avoid "
        r"pork"
    ),
    "no alcohol": (
        r"no (?:alcohol|booze|drink)|(?:don't|do not|never) (?:drink|touch) (?:any )?(?:alcohol|booze)|"
        r"teetotal(?:ler|er)?|alcohol[- ]free|sober|off (?:the )?(?:booze|alcohol)|stopped drinking(?: alcohol)?|"
        r"(?:quit|gave up|given up) (?:drinking|alcohol|booze)|(?:don't|do not) drink(?=$| any ?more| at all)"
    ),
}
"""Value -> pattern of what people say."""

DIET_ENDS = {
    "vegetarian": r"(?:eat|eating|have|having) meat (?:again|now)|back (?:on|to) (?:eating )?meat|started eating meat",
    "no alcohol": r"(?:drink|drinking)(?: alcohol)? again|back to drinking",
    "no pork": r"eat(?:ing)? pork (?:again|now)",
    "gluten free": r"(?:eat|have|eating) gluten (?:again|now)|gluten is (?:fine|ok|okay)",
    "dairy free": r"(?:eat|have|eating|drink) (?:dairy|milk) (?:again|now)|dairy is (?:fine|ok|okay)",
}
"""Value -> pattern of what ends it."""

UNITS = {
    "celsius": r"celsius|centigrade",
    "fahrenheit": r"fahrenheit",
    "metric": r"metric(?: (?:units|system))?",
    "imperial": r"imperial(?: (?:units|system))?|miles",
    "kilometres": r"kilomet(?:re|er)s?|kms?",
    "grams": r"grams?|grammes?",
    "cups": r"cups",
    "knots": r"knots",
    "euros": r"euros?",
    "12-hour": r"12[- ]?hours?(?: (?:clock|time|format))?|am and pm|am or pm|am/pm",
    "24-hour": r"24[- ]?hours?(?: (?:clock|time|format))?|military time",
}
"""Value -> pattern."""

ABOUT = {
    "music": r"music|songs|tunes|albums|playlists",
    "films": r"films?|movies?|tv(?: shows)?|shows|series|streaming|video",
    "podcasts": r"podcasts?",
    "audiobooks": r"audio ?books?",
    "radio": r"radio(?: stations)?|stations",
    "news": r"news|headlines|the papers?",
    "navigation": r"navigation|directions|maps|routes?|navigating|traffic|finding my way|getting around",
    "taxi": r"taxis?|cabs?|rides?|lifts?",
    "food delivery": (
        r"food delivery|delivery|deliveries|take ?aways?|take ?out|takeaway food|ordering food|food orders|dinner "
        r"orders|pizza"
    ),
    "groceries": r"groceries|grocery(?: shopping)?|food shop(?:ping)?|weekly shop|shopping",
    "calendar": r"calendars?|appointments?|meetings|schedule|diary",
    "weather": r"weather(?: forecasts?| reports?)?|forecasts?",
}
"""What a service is for -> pattern."""

SERVICES = {
    "music": "spotify|deezer|tidal|apple music|amazon music|youtube music|pandora|soundcloud|qobuz|napster",
    "films": "netflix|disney plus|disney|hulu|prime video|amazon prime|hbo|hbo max|max|plex|apple tv|paramount "
    "plus|now tv|mubi"
    "|itvx|peacock|crunchyroll|kodi|jellyfin",
    "podcasts": "pocket casts|overcast|castbox|podbean|stitcher|castro|antennapod|apple podcasts|google podcasts",
    "audiobooks": "audible|libby|storytel|librivox|scribd|kobo|hoopla|bookbeat|audiobookshelf",
    "radio": "tunein|tune in|bbc sounds|iheart|iheartradio|radio garden|global player|absolute radio|sirius|siriusxm",
    "news": "bbc|bbc news|cnn|reuters|npr|the guardian|guardian|new york times|al jazeera|tagesschau|"
    "le monde|sky news|ap"
    "|fox news|the economist|euronews|washington post",
    "navigation": "waze|google maps|apple maps|here maps|tomtom|citymapper|osmand|komoot|here wego",
    "taxi": "uber|lyft|bolt|free now|freenow|grab|ola|gett|addison lee|blacklane",
    "food delivery": "deliveroo|doordash|door dash|just eat|uber eats|grubhub|wolt|lieferando|foodora|glovo|foodpanda|"
    "postmates"
    "|skip the dishes|zomato|swiggy",
    "groceries": "ocado|tesco|instacart|rewe|sainsbury's|sainsburys|asda|waitrose|gorillas|flink|getir|picnic|"
    "whole foods"
    "|amazon fresh|kroger|aldi|lidl|walmart|morrisons",
    "calendar": "google calendar|outlook|icloud|apple calendar|fantastical|nextcloud|proton calendar|exchange",
    "weather": "met office|accuweather|weather underground|the weather channel|weather channel|windy|dark sky|"
    "yr|metoffice"
    "|open meteo|national weather service|dwd|meteo france",
}
"""What a service is for -> names of services."""

COMMUTES = {
    "car": r"car|driv(?:e|ing)|the motorway", "train": r"trains?|railway|rail", "bus": r"bus|coach",
    "bike": r"bike|bicycle|cycl(?:e|ing)|biking",
    "tram": r"tram|streetcar", "metro": r"metro", "subway": r"subway", "tube": r"tube", "underground": r"underground",
    "walk": r"walk(?:ing)?|foot", "scooter": r"scooter|moped", "ferry": r"ferry|boat",
    "motorbike": r"motor ?bike|motor ?cycle",
    "carpool": r"car ?pool(?:ing)?", "taxi": r"taxi|cab",
}  # fmt: skip
"""Value -> pattern."""

LANGUAGES = (
    "english|german|french|spanish|italian|portuguese|dutch|polish|russian|ukrainian|turkish|arabic|hindi|urdu|bengali"
    "|mandarin|chinese|cantonese|japanese|korean|vietnamese|thai|greek|hebrew|swedish|norwegian|"
    "danish|finnish|icelandic"
    "|czech|slovak|hungarian|romanian|bulgarian|croatian|serbian|bosnian|slovenian|albanian|catalan|"
    "basque|galician|welsh"
    "|irish|gaelic|scottish|latvian|lithuanian|estonian|persian|farsi|kurdish|pashto|punjabi|"
    "tamil|telugu|gujarati|marathi"
    "|swahili|amharic|somali|yoruba|zulu|afrikaans|tagalog|filipino|malay|indonesian|latin|esperanto|"
    "swiss german|maltese"
)
"""Names of languages."""

STYLES = {
    "brief": (
        r"(?:cut|skip|drop|lose|ditch|spare me|stop|less|no|without|leave out|enough)(?: out)?(?: of)?(?: with)?(?: "
        r"the| all the| your| that)* (?:waffle|waffling|rambling|chatter|small talk|chit ?chat|fluff|padding|"
        r"preamble|speeches|essays|lectures|blather|long[- ]winded(?:ness)?)|brief(?:ly)?|short(?:er)?|concise(?:ly)"
        r"?|to the point|fewer words|less (?:talk|talking|chatty|chat|words)|snappy|terse|just the facts|cut to the "
        r"chase|(?:1|one)[- ]sentence|quick answers"
    ),
    "detailed": (
        r"detail(?:s|ed)?|(?<!no )(?<!any )long(?:er)?|thorough(?:ly)?|in[- ]depth|elaborate|full explanations?|"
        r"comprehensive|into detail|more (?:information|explanation)"
    ),
    "slow": r"slow(?:ly|er)?|more slowly",
    "serious": (
        r"serious(?:ly)?|no (?:more )?jok(?:es|ing)|(?:don't|stop|do not|quit) (?:be(?:ing)? )?(?:jok(?:e|ing)|funny)"
        r"|formal(?:ly)?|without (?:the )?jokes|(?:spare me|skip|cut|drop|ditch|leave out|enough with|enough of|stop|"
        r"lose|hold) the (?:jokes|humou?r|comedy|gags|funnies)|no silliness|no humou?r|sober tone|straight answers"
    ),
    "humorous": r"funny|humorous|humou?r|witty|jokes|playful|make me laugh|cheeky|crack (?:a |some )?jokes?",
    "step by step": r"step[- ]by[- ]step|(?:1|one) step at a time|in steps",
}
"""Value -> pattern."""
