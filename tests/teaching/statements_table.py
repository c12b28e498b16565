"""Statements of preference written for the tests: what is said, and what it comes to ("type value [scope] [-]")."""

STATEMENTS = """
I can't stand coriander | dislikes coriander
we head to bed at a quarter past ten in the evening | bedtime 22:15 household
we're big fans of the Leeds Rhinos | is_fan_of leeds rhinos household
my favourite band is Radiohead | is_fan_of radiohead
I've got a peanut allergy | allergy peanut
my wife and I are vegan | diet vegan household
no pork in this house please, we don't eat it | diet no pork household
I gave up being vegetarian | diet vegetarian -
I drink again | diet no alcohol -
please always use metric units | unit metric
we use the 24 hour clock at home | unit 24-hour household
give me distances in kilometres from now on | unit kilometres
I go to bed at half past ten | bedtime 22:30
my bedtime is quarter to eleven | bedtime 22:45
I get up at six thirty every morning | wake_time 06:30
I always wake up at quarter past seven | wake_time 07:15
quiet hours are from ten to six | quiet_hours 22:00-06:00 household
don't disturb me between eleven and seven | quiet_hours 23:00-07:00
use Spotify for music | default_service spotify
we order our groceries from Ocado | default_service ocado household
I always take Uber | default_service uber
my calendar is in Outlook | default_service outlook
play my podcasts on Overcast from now on | default_service overcast
I cycle to work | commute bike
I take the tram to the office | commute tram
I work from home now | commute any -
speak German with me | language german
we speak Polish at home | language polish household
you can call me Max | name max
my name is Priya | name priya
my birthday is the twenty third of May | birthday 05-23
I was born on March 3rd | birthday 03-03
I live in Lyon | home_city lyon
we moved to Leipzig | home_city leipzig household
I like it at twenty one degrees | room_temperature 21
we keep the house at nineteen degrees | room_temperature 19 household
keep your answers short | answer_style brief
please speak slowly with me | answer_style slow
explain things step by step | answer_style step by step
no jokes please, be serious | answer_style serious
I prefer tea to coffee | likes tea
I don't like jazz any more | dislikes jazz
I'm not a Lakers fan any more | is_fan_of lakers -
I'm really into true crime podcasts | likes true crime podcasts
never play country music | dislikes country music
I'm not keen on horror films | dislikes horror films
we all love board games | likes board games household
forget that I hate mushrooms | dislikes mushrooms -
I support Arsenal | is_fan_of arsenal
my team is the Celtics | is_fan_of celtics
I'm lactose intolerant | diet dairy free
I'm on a low sodium diet | diet low salt
I'm coeliac | diet gluten free
we keep kosher | diet kosher household
I'm allergic to bees and wasps | allergy bees; allergy wasps
I'm no longer allergic to eggs | allergy eggs -
my favourite food is ramen | likes ramen
I adore Nina Simone | likes nina simone
"""

NONE = """
oh no, I meant the ceiling fan
heating to twenty one, we're off to bed
we have a fan
I use the desk fan at night
is my sister vegan
what do you like
play I Hate Myself for Loving You
my brother loves heavy metal
my mother is allergic to cats
if I were vegan what could I eat
I might become a Barcelona fan
translate I love you into Spanish
oh great, I just love waiting in line
I'd love a cup of tea
I like that answer
I love you
turn on the fan
set the fan to high
she said she hates olives
remind me to call Max
call me a taxi
call me back at eight
I want to watch Frozen
wake me up at seven tomorrow
how many grams is a cup of flour
what's twenty degrees celsius in fahrenheit
speak louder
who is the biggest fan of Madonna
text mum that I live in Rome now
find vegan restaurants nearby
recommend a gluten free bakery
tell me a joke
I don't like the light in here tonight
use the small lamp for now
the song is called I'm a Believer
everyone loves pizza
do you speak French
I used to live in Oslo
play something quiet
be quiet
I feel like pizza tonight
that sounds like fun
the cat hates the vacuum
maybe I should stop drinking
"""
