"""Small talk: the answers, and the words that they answer."""

from __future__ import annotations

__all__ = ["ANSWERS", "JOKES", "LISTS", "SENTENCES"]

LISTS = {
    "chat_topic": (
        "(hello|hi|hey|hiya|howdy|greetings|good day) [there]:hello",
        "good morning:good_morning",
        "morning:good_morning",
        "good afternoon:good_afternoon",
        "good evening:good_evening",
        "good night:good_night",
        "(goodnight|nighty night|sleep well|night night|sweet dreams):good_night",
        "(bye|goodbye|bye bye|see you|see you later|farewell|talk to you later|i'm leaving now):goodbye",
        "(thanks|thank you) [very much|a lot|so much]:thanks",
        "(cheers|many thanks|much appreciated):thanks",
        "(thank you|thanks) for (your help|helping|your answer|that|everything):thanks",
        "(how are you|how are you doing|how do you do|how do you feel):how_are_you",
        "(how's it going|how is it going|what's up):how_are_you",
        "how are you (today|feeling|doing today):how_are_you",
        "(who are you|what are you|introduce yourself|tell me about yourself):who",
        "(what's your name|what is your name|do you have a name|what are you called|what shall i call you):who",
        "(who made you|who created you|who built you|who programmed you|where do you come from):creator",
        "(how old are you|when were you born|when is your birthday):age",
        "(are you a robot|are you human|are you real|are you alive|are you a person|are you an ai):robot",
        "(are you [always] listening|are you recording|do you [always] listen|are you spying [on me]):listening",
        "(where does (my|the) data go|what do you (store|save|know about me|record)|is this private):data",
        "(you are|you're) (great|awesome|the best|amazing|wonderful|nice|smart|clever|a star|funny|cool):praise",
        "(well done|good job|nice work|great job|good work|nice one|that was great|good one|you rock):praise",
        "i love you:love",
        "(do you love me|will you marry me|marry me|be my friend|are you my friend|do you like me):love",
        "(you are|you're) (stupid|dumb|useless|an idiot|bad|terrible|annoying|the worst):blame",
        "(shut up|be quiet|i hate you|you suck):blame",
        "(sorry|i'm sorry|my bad|i apologize|i apologise):forgive",
        "(i'm bored|i am bored|entertain me):bored",
        "(i'm sad|i am sad|i feel sad|i'm lonely|i am lonely|i had a bad day|i'm not feeling well):sad",
        "(i'm happy|i am happy|i feel great|i had a good day):glad",
        "(i'm tired|i am tired|i'm exhausted):tired",
        "(what's|what is) your (favorite color|favourite colour):colour",
        "(sing|sing me a song|sing a song|can you sing):sing",
        "(happy birthday|merry christmas|happy new year|happy easter|happy halloween):wishes",
        "(what is the meaning of life|what's the meaning of life|meaning of life):meaning",
        "(can you hear me|are you there|are you awake|hello are you there|test|testing):there",
        "(i'm home|i am home|i'm back|i am back|honey i'm home):welcome",
    )
}
"""Values of the list of topics."""

SENTENCES = (
    "{chat_topic:topic} [home assistant|uptake|assistant|please|dear|friend]",
    "(ok|okay|oh|well|hey) {chat_topic:topic}",
)
"""Templates."""

ANSWERS = {
    "hello": ("Hello. What can I do for you?", "Hi there.", "Hello."),
    "good_morning": ("Good morning.", "Good morning. I hope you slept well."),
    "good_afternoon": ("Good afternoon.",),
    "good_evening": ("Good evening.",),
    "good_night": ("Good night. Sleep well.", "Good night."),
    "goodbye": ("Goodbye.", "See you later."),
    "thanks": ("You are welcome.", "My pleasure.", "Any time."),
    "how_are_you": ("Fine, thank you. And you?", "All lights green. How are you?"),
    "who": ("I am Uptake, the assistant of this home.",),
    "creator": ("I was made by the Uptake authors, with the grammar of the Home Assistant community.",),
    "age": ("Young enough to learn something every day.",),
    "robot": ("I am a program. A polite one, I hope.",),
    "listening": ("No. I only read what is said to me, and I write every request to a log that stays with you.",),
    "data": (
        "Everything I know is kept in one folder on this machine, and the command uptake forget removes what is yours.",
    ),
    "praise": ("Thank you.", "That is kind of you.", "I am glad it helped."),
    "love": ("That is very kind. I like this home, too.",),
    "blame": ("I am sorry. Tell me what went wrong, and I will learn from it.",),
    "forgive": ("No harm done.", "Never mind."),
    "bored": ("Shall I tell you a joke, or play some music?",),
    "sad": ("I am sorry to hear that. Shall I play something nice?",),
    "glad": ("That is good to hear.",),
    "tired": ("Then rest a little. I can dim the lights.",),
    "colour": ("Warm white, at forty percent.",),
    "sing": ("You would regret it. I can play some music instead.",),
    "wishes": ("Thank you, and the same to you.",),
    "meaning": ("Forty-two, they say. I have only checked the arithmetic.",),
    "there": ("Yes, I am here.",),
    "welcome": ("Welcome home.",),
    "commands": ("Say help to hear what I can do.",),
}
"""Answers by topic; "commands" is what Home Assistant's grammar calls a request for help."""

JOKES = (
    "Why did the smart bulb go to school? It wanted to be brighter.",
    "I told the thermostat a joke. It warmed to me.",
    "Why was the calendar so popular? It had so many dates.",
    "What do you call a fish without eyes? A fsh.",
    "Why did the vacuum cleaner leave the party? It sucked.",
    "I asked the dishwasher for its opinion. It said it was all a bit of a wash.",
    "Why do oven timers never lie? They always come clean in the end.",
    "What did one wall say to the other? I will meet you at the corner.",
    "Why can a bicycle not stand on its own? It is two tired.",
    "What is a clock's favourite meal? Seconds.",
    "Why did the door lock break up with the key? It felt turned on and off.",
    "Parallel lines have so much in common. It is a shame they will never meet.",
    "I would tell you a joke about an empty list, but there is nothing on it.",
    "What do you call a lazy alarm clock? Snooze you lose.",
)
"""Jokes, all of them fit for children."""
