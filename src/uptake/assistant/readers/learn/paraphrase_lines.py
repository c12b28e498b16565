"""The families of `paraphrases`: requests to a home, and what sounds like one."""

from __future__ import annotations

__all__ = ["ASIDES", "REQUESTS"]

REQUESTS = """
# HassTurnOn|domain=light
(it is|it's|its) (way |far |a bit |)(too|so|very|pretty|really|quite|awfully) (dark|dim|gloomy|murky) in (here|{area}|the {area})
(it is|it's) (getting|going) dark in (here|the {area})
i (can't|cannot|can hardly|can barely) see (a thing|anything|my hand) (in here|in the {area}|in {area})
(give|get) (me|us) (some|more|a little|a bit of) light (in|for) (the |){area}
(we|i) (need|want|would like|could use) (some |more |)(light|lights|lighting) (in|on|for) (the |)({area}|{floor})
(let there be|let's have|let us have) (some |)(light|lights) (in the {area}|on the {floor}|{floor}|in here)
(light|lighten|brighten|lights) up (the |){area}
(get|have|put|bring|fire|flick|hit|pop|throw) the {area} (lights|light|lamps|lighting) (on|up|going)
(get|have|put|flick|hit|pop|throw) on the (lights|light|lamps) (in|on) the ({area}|{floor})
the {area} (needs|could use|should have|wants) (some |a bit of |its |)(light|lights|lighting)( on|)
(lights|light|lamps|illumination) (on |)(for|in) (the |)({area}|{floor})( on|)
(the |)({area}|{floor}) (lights|light|lamps) (should|ought to|have to|must) be on
i want (the |)(lights|light) (on |)in (the |)({area}|{floor})( on|)
(let me|let us|so i can|help me) see (something |)in the {area}
(hit|get) the lights( in the {area}| on the {floor}|)
(illuminate|light) (the |)({area}|{floor})
# HassTurnOff|domain=light
(kill|cut|douse|lose|extinguish|drop|nix|hit) the (lights|light|lamps) (in|on) (the |)({area}|{floor})
(make|turn|get) it dark in (here|the {area}|{area})
the {area} (doesn't|does not|don't) need (the|its|any|to have its|those) (lights|light)( on|) (any more|anymore|now|any longer|)
(no|no more) (light|lights) (in|on|for) (the |)({area}|{floor})( any more|anymore|now|)
(we|i) (don't|do not|no longer) need (the |any |)(lights|light) (in|on) (the |)({area}|{floor})( any more| anymore|)
(we're|we are|i'm|i am) (done|finished|leaving) (in|with) the {area} (so |)(lights|light) (out|off)
(lights|light|lamps) (out|off|can go off|can go out) (in|on|for) (the |)({area}|{floor})
(get|have|put|take|shut|flick|knock|throw) the {area} (lights|light|lamps) (off|out|down)
(get|have|put|shut|flick|knock) (off|out) the (lights|light) (in|on) the ({area}|{floor})
(the |)({area}|{floor}) (lights|light|lamps) (can|should|may|have to|could) (go|be) (off|out)( now|)
i (want|would like|need) (the |all the |)({area}|{floor}) (lights|light) (off|out)
(i want|i'd like) (it|the {area}) (to be |)(dark|pitch black|unlit)
(no one|nobody) is in the {area} (so |)(turn|switch|shut) (off the lights|the lights off)
(it's|it is) too bright in (here|the {area}) (turn|switch) (off the lights|the lights off)
# HassTurnOn|domain=light|name=all
(light up|illuminate|brighten) (everything|the whole house|the entire house|every room|the place)
(get|put|have|flick) (every|each) (light|lamp|bulb) (in the house |)on
(i want|we need|let's have) (all|every) (the |)(lights|light|lamp) (in the house |in the place |)on
(lights|lamps) on (everywhere|all over|in every room|in the whole house)
# HassTurnOff|domain=light|name=all
(kill|cut|douse|lose) (all|every) (the |of the |)(lights|light|lamps)( in the house| everywhere|)
(get|put|have|flick|shut) (every|each) (single |)(light|lamp|bulb) (in the house |)(off|out)
(i want|we need|let's have) (all|every) (the |)(lights|light|lamp) (in the house |in the place |)(off|out)
(make|get) (the whole house|the house|everything) dark
(lights|lamps) (off|out) (everywhere|all over|in every room|in the whole house)
# HassTurnOn
(get|put|have|fire|flick|power|start|bring|kick|boot|hit) (the |my |)({name:light/switch/fan/media_player/scene/script/input_boolean}) (on|up|going|running|started)
(get|put|fire|flick|power|start|bring|boot|kick) (up|on) (the |my |)({name:light/switch/fan/media_player/scene/script})
(i|we) (need|want|would like|could use) (the |my |)({name:light/switch/fan/media_player/scene/script}) (on|running|going|lit)
(the |my |)({name:light/switch/fan/media_player}) (should|has to|needs to|must|can) (be on|go on|come on|be running|start)
(let's|let us) have (the |)({name:light/switch/fan/media_player}) on
(make|get) (the |my |)({name:light}) (shine|glow|lit|light up|burn)
(light|light up) (the |)({name:light})
(i'm|i am|it's|it is) (hot|warm|boiling|stuffy|sticky)( in here|) (so |)(start|turn on|get|put on) the {name:fan}( going| on|)
(activate|start|begin|launch|trigger|run|engage|set|go into|switch to|enter|let's do|time for|do|play) (the |){name:scene/script}( scene| mode| now|)
(it's|it is) time for (the |){name:scene/script}
(set|switch|change) (the house |everything |the mood |)to (the |){name:scene}( scene| mode|)
(open|open up|raise|pull up|pull back|draw back|roll up|lift|part|slide open) (the |my |){name:cover/valve}( up| open|)
(get|pull|slide|have|push) (the |my |){name:cover} (open|up)
(i|we) (want|need|would like) (the |my |){name:cover/valve} (open|opened|up)
(the |my |){name:cover/valve} (should|needs to|has to|can) (be open|go up|be opened|open)
(let|get) (some|the|more) (sun|light|sunlight|daylight|air|fresh air) (in|inside) (through|by) (the |){name:cover}
(lock|lock up|bolt|secure|latch|close and lock|double lock) (the |my |){name:lock}( up| securely| tight|)
(make sure|ensure|see to it|check) (that |)(the |my |){name:lock} (is|stays|gets) (locked|secure|secured|shut tight|bolted)
(make sure|see to it|so) (that |)(nobody|no one) can (get|come|walk) in (through|by) the {name:lock}
keep (the |){name:lock} (locked|secure|secured)
(the |my |){name:lock} (should|needs to|has to|must) be (locked|secured|bolted)
# HassTurnOff
(get|put|have|shut|flick|power|cut|knock|take) (the |my |)({name:light/switch/fan/media_player/input_boolean}) (off|out|down)
(get|put|shut|flick|power|cut|knock) (off|out|down) (the |my |)({name:light/switch/fan/media_player})
(kill|stop|lose|cut|end|quit|douse|extinguish|halt) (the |my |)({name:light/switch/fan/media_player})
(i|we) (don't|do not|no longer) (need|want) (the |my |)({name:light/switch/fan/media_player}) (any more|anymore|on|now|any longer|running|)
(the |my |)({name:light/switch/fan/media_player}) (should|has to|needs to|must|can|may|could) (be off|go off|go out|stop|be switched off|rest)( now|)
(that's|that is) enough (of |)(the |){name:fan/media_player/light}
(i'm|i am|we're|we are) (done|finished|through) with (the |){name:light/switch/fan/media_player}
(i'm|i am|it's|it is) (cold|chilly|freezing)( in here|) (so |)(stop|turn off|shut off) the {name:fan}
(i|we) (want|need|would like) (the |my |)({name:light/switch/fan/media_player}) (off|out)
(shut|close|close up|lower|pull down|draw|roll down|let down|drop|slide shut) (the |my |){name:cover/valve}( down| shut| closed|)
(get|pull|slide|have|push) (the |my |){name:cover} (closed|shut|down|to)
(i|we) (want|need|would like) (the |my |){name:cover/valve} (closed|shut|down)
(the |my |){name:cover/valve} (should|needs to|has to|can) (be closed|go down|be shut|close)
(keep|shut|block) (the|this) (sun|light|sunlight|glare) out (with|using) (the |){name:cover}
(unlock|unbolt|unlatch|open up|undo|release) (the |my |){name:lock}( up|)
(let|get) (me|us|him|her|them|my friend|the guests|the courier|someone) in (at|through|by) (the |){name:lock}
(make sure|see to it) (that |)(the |my |){name:lock} (is|gets) (unlocked|open)
(i|we) (need|want) (the |my |){name:lock} unlocked
# HassTurnOn|domain=fan
(get|put|have|start|kick) (the |a |)(fan|fans) (going|on|running|started|spinning)( in (the |){area}|)
(it is|it's) (stuffy|hot|warm|sticky|stifling) in (here|the {area}) (so |)(get|put|start|turn) the (fan|fans) (on|going|up)
(let's|let us) (have|get) (some air|a breeze|the fan|the fans) (in|for) the {area}
(i|we) (need|want|could use) (the |a |)(fan|fans) (on |running |)in (the |){area}
(start|run|spin up|spin) the (fan|fans) (in|on) (the |)({area}|{floor})
(cool|air) (the |){area} with the fan
# HassTurnOff|domain=fan
(stop|halt|quit|cut|kill|end) the (fan|fans) (in|on) (the |)({area}|{floor})
(the |)(fan|fans) in (the |){area} (can|should|may) (stop|go off|rest|be off)
(get|put|have) the (fan|fans) (off|stopped)( in (the |){area}|)
(we|i) (don't|no longer) need the (fan|fans) in (the |){area}( any more|)
(no more|enough) (fan|fans|breeze) in (the |){area}
# HassTurnOn|domain=cover
(let|get) (some|the|more|a little) (sun|light|sunlight|daylight|air|fresh air) (in|into {area}|inside) (through|by opening) the ({area} |){device_class}
(open up|pull up|raise|roll up|lift|draw back|slide open|part) the ({area} |){device_class}
(open up|pull up|raise|roll up|lift|draw back|pull open) the {device_class} (in|of) the {area}
(i|we) (want|need|would like) the ({area} |){device_class} (open|opened|up)
(get|pull|have) the ({area} |){device_class} (open|up)
(air|ventilate) the {area} (through|by) the {device_class}
# HassTurnOff|domain=cover
(close up|pull down|lower|roll down|let down|draw|shut|slide shut) the ({area} |){device_class}
(shut|pull|draw|close|lower) the {device_class} (in|of) the {area}
(i|we) (want|need|would like) the ({area} |){device_class} (closed|shut|down)
(get|pull|have) the ({area} |){device_class} (closed|shut|down)
(keep|block) the (sun|light|heat|cold|rain) out (of|in) the {area} (so |)(close|shut) the {device_class}
# HassTurnOn|domain=lock
(lock|bolt|secure) (up |)(all the doors|every door|the doors|the house|everything)( for the night| tonight|)
(make sure|ensure) (all the doors|every door|the doors) (are|is) (locked|secure|bolted)
(lock|secure) the doors (in|of|on) the ({area}|{floor})
# HassLightSet
(take|bring|drop|turn|crank|push|put|get|have|run|dial|move|nudge|pull) (the |my |){name:light} (down |up |)(to|at) {brightness} (percent|%)( brightness|)
(i|we) (want|need|would like|like) (the |my |){name:light} (at|on) {brightness} (percent|%)
(the |my |){name:light} (should|has to|needs to|can) be (at |){brightness} (percent|%)
(dim|brighten|lower|raise|reduce) (the |my |){name:light} (down |up |)(to|until|till) {brightness} (percent|%|)
(the |my |){name:light} (to|at) {brightness} (percent|%)
(paint|bathe|colour|color|tint|make|turn|get|put) (the |my |){name:light} {color}
(i|we) (want|would like|need) (the |my |){name:light} (to be |in |)(a |){color}( colour| color| light|)
(the |my |){name:light} (should|has to|needs to) be {color}
(switch|change|go) (the |my |){name:light} (over |)to {color}
# HassLightSet|domain=light
(take|bring|drop|turn|crank|push|put|get|have|dial|pull) the {area} (lights|light|lamps|) (down |up |)(to|at) {brightness} (percent|%)( brightness|)
(take|bring|drop|turn|crank|push|put|get) the (lights|light) (in|on) the ({area}|{floor}) (down |up |)(to|at) {brightness} (percent|%)
(i|we) (want|need|would like|like) the ({area}|{floor}) (lights|light|) (at|on) {brightness} (percent|%)( brightness|)
(the |)({area}|{floor}) (lights|light) (should|has to|needs to|can) be (at |){brightness} (percent|%)
(dim|lower|raise|brighten|reduce) the ({area}|{floor}) (lights|light|) (down |up |)(to|until) {brightness} (percent|%|)
(dim|lower|raise|brighten) (the |)(lights|light) (in|on) the ({area}|{floor}) (down |)to {brightness}( percent| %|)
{brightness} (percent|%) (light|brightness|lights) (in|for|on) the ({area}|{floor})
(paint|bathe|colour|color|tint|make|turn|wash|flood) (the |)({area}|{floor}) (in |)({color}|{color} light)
(i|we) (want|would like|need) the ({area}|{floor}) (lights |light |)(to be |in |)(a |){color}( colour| color| light|)
(the |)({area}|{floor}) (lights|light) (should|has to|needs to|could) be {color}
(make|turn|change|set|switch) the (lights|light) (in|on) the ({area}|{floor}) (to |)(a |){color}
{color} (light|lights) (in|for) the ({area}|{floor})
# HassLightSet|direction=down|domain=light
(it is|it's) (way |far |a bit |)(too|so|very|really) (bright|glaring) in (here|the {area})
(make|get|have) (it|the {area}) (a bit |a little |)(darker|dimmer|less bright|cosier|more cosy)
(make|have|turn) the (lights|light) (in the {area} |)(a bit |a little |)(darker|dimmer|softer|less bright|lower)
(the |)(lights|light) (in the {area} |)(is|are) (way |)too bright
(darker|dimmer|softer|less) (light|lights|lighting)( in the {area}|)
(soften|tone down|take down|bring down|lower|reduce|turn down) the (lights|light|lighting)( in the {area}|)( a bit| a little|)
# HassLightSet|direction=up|domain=light
(make|get|have) (it|the {area}) (a bit |a little |)(brighter|lighter|less dark)
(make|have|turn) the (lights|light) (in the {area} |)(a bit |a little |)(brighter|stronger|higher|less dim)
(the |)(lights|light) (in the {area} |)(is|are) (way |)too (dim|weak|low|dark)
(brighter|stronger|more) (light|lights|lighting)( in the {area}|)
(brighten|boost|bring up|raise|turn up|increase|pump up) the (lights|light|lighting)( in the {area}|)( a bit| a little|)
# HassLightSet|direction=down
(the |my |){name:light} is (way |a bit |)too bright
(make|have|get) (the |my |){name:light} (a bit |a little |)(darker|dimmer|softer|less bright)
(soften|tone down|take down|turn down|lower) (the |my |){name:light}( a bit| a little| a touch|)
# HassLightSet|direction=up
(the |my |){name:light} is (way |a bit |)too (dim|weak|dark)
(make|have|get) (the |my |){name:light} (a bit |a little |)(brighter|stronger)
(boost|brighten|turn up|bring up|raise) (the |my |){name:light}( a bit| a little| a touch|)
# HassSetPosition
(the |my |){name:cover/valve} (to|at) {position} (percent|%)
(put|move|get|bring|leave|have|open|close|pull) (the |my |){name:cover/valve} (to|at|up to|down to) {position} (percent|%)( open|)
(i want|we need|leave|have) (the |my |){name:cover/valve} {position} (percent|%) (open|closed)
# HassClimateGetTemperature
how (warm|hot|cold|chilly|cool) is (it in |it in the |the |){area}( right now| now|)
is it (warm|hot|cold|chilly|freezing|cool) in (the |){area}
(what's|what is) (it like|the heat|the warmth) in (the |){area}
(how many|what) degrees (is it |do we have |are there |)in (the |){area}
(tell me|give me|check|read) the (temp|temperature|heat) (in|of|for) (the |){area}
(what's|what is|read me) the (reading|temperature) (on|of|at) (the |){name:climate}
(what|how warm) (does|is) (the |){name:climate} (say|read|showing|saying)
# HassClimateSetTemperature
(i|we) (want|need|would like) (it to be |it |){temperature} (degrees|degree|) in (the |){area}
(make|get|have|keep|warm|heat|cool|bring) (it |)(up |down |)(to |at |){temperature} (degrees |degree |)(in|on) (the |)({area}|{floor})
(make|get|have|keep|warm|heat|cool|bring|hold|put) (the |)({area}|{floor}) (up |down |)(to|at) {temperature}( degrees| degrees celsius| c|)
(make|keep) (the |)({area}|{floor}) {temperature} degrees
(warm|heat|cool) (the |)({area}|{floor}) (up |down |)to {temperature}( degrees|)
(turn|put|get|bring|take|crank|push|move|dial) (the |my |){name:climate} (up |down |)(to|at|on) {temperature}( degrees|)
(the |my |){name:climate} (to|at|should be at|should be|on) {temperature}( degrees|)
(i want|have|keep|leave) (the |my |){name:climate} (at|on|to) {temperature}( degrees|)
{temperature} degrees (in|for|on) (the |)({area}|{floor})
(turn|put|set|get|crank) (the |)(heat|heating|heater|thermostat|ac|air conditioning|temp|temperature) (in the {area} |on the {floor} |)(up |down |)(to|at|on) {temperature}( degrees|)
# HassClimateSetTemperature|direction=up
(i'm|i am|we're|we are) (cold|freezing|chilly|shivering)( in here| in the {area}|)
(it is|it's) (too|so|very|really|pretty|quite) (cold|chilly|cool|freezing|nippy) in (here|the {area})
(make|get) (it|the {area}) (a bit |a little |)(warmer|hotter|less cold)
(turn up|crank up|raise|increase) the (heat|heating|heater|thermostat|temperature)( in the {area}|)
(warm|heat) (up |)(the {area}|it up in here|the {area} up)
# HassClimateSetTemperature|direction=down
(i'm|i am|we're|we are) (hot|boiling|sweating|roasting|melting)( in here| in the {area}|)
(it is|it's) (too|so|very|really|pretty|quite) (hot|warm|boiling) in (here|the {area})
(make|get) (it|the {area}) (a bit |a little |)(cooler|colder|less hot|less warm)
(turn down|lower|reduce|decrease) the (heat|heating|heater|thermostat|temperature)( in the {area}|)
(cool|chill) (the {area} down|down the {area}|it down in here)
# HassGetState|domain=light|state=on
(did|has) (i|we|anyone|anybody|somebody|someone) (leave|left|forget|forgotten) (a|the|any) (light|lights|lamp) on( in the {area}| on the {floor}|)
(have|did) (i|we) (left|leave) (the|any) (light|lights) (on |burning |)in the {area}( on|)
(is|are) (there |)(a|any|some) (light|lights|lamp) (still |)(on|burning|lit)( in the {area}| on the {floor}|)
(are|is) the (light|lights) (still |)(on|burning) (in|on) the ({area}|{floor})
is (the |){area} lit( up|)
# HassGetState|domain=cover|state=open
(did|have) (i|we|anyone|somebody) (leave|left|forget|forgotten) (a|the|any) {device_class} open( in the {area}|)
(is|are) (there |)(a|any|some|the) {device_class} (still |)(open|not closed|not shut)( in the {area}|)
(have|has) (all |)the {device_class} been left open( in the {area}|)
# HassGetState|domain=cover|state=closed
(did|have) (i|we|anyone|somebody) (close|closed|shut) (all |)(the|my) {device_class}( in the {area}|)
(is|are) (all |)the {device_class} (really |properly |)(closed|shut|down)( in the {area}|)
# HassGetState|state=on
(did|have) (i|we|somebody) (leave|left) (the |my |)({name:light/switch/fan/media_player}) on
is (the |my |)({name:light/switch/fan/media_player}) (still |)(on|running|going|lit|working)
# HassGetState|state=off
(did|have) (i|we|somebody) (turn|turned|switch|switched) (off (the |my |)({name:light/switch/fan/media_player})|(the |my |){name:light} off)
is (the |my |)({name:light/switch/fan/media_player}) (really |)(off|out)
# HassGetState|state=locked
(did|have) (i|we|anyone|somebody|someone) (lock|locked|secure|secured|bolt) (the |my |){name:lock}
is (the |my |){name:lock} (really |properly |)(locked|secure|secured|bolted|safe)
# HassGetState|state=unlocked
(did|have) (i|we|anyone|somebody) (leave|left|forget to lock) (the |my |){name:lock} (unlocked|open)
is (the |my |){name:lock} (still |)(unlocked|not locked)
# HassGetState|state=open
(did|have) (i|we|anyone|somebody) (leave|left) (the |my |){name:cover/valve} open
is (the |my |){name:cover/valve} (still |)(open|up|not closed|not shut)
# HassGetState|state=closed
(did|have) (i|we|anyone|somebody) (close|closed|shut) (the |my |){name:cover/valve}
is (the |my |){name:cover/valve} (really |properly |)(closed|shut|down)
# HassGetState
(where|whereabouts) (is|was|has) {name:person} (gone|now|been|at|these days|)
(what's|what are|tell me) {name:person}('s|) (whereabouts|location|position)
(is {name:person} (at home|home|around|in)|has {name:person} (come|got|gotten|arrived) home( yet|))
(can you|do you know where to) find {name:person}
# HassStartTimer
(give|get) me {minutes} (minutes|mins|minute)( on the clock| on the timer|)
(count|time) (down |me |)(from |)({minutes} (minutes|mins)|{seconds} seconds|{hours} (hours|hour))
(count down|countdown) (of|for|from) ({minutes} (minutes|mins)|{seconds} seconds)
(wake|ping|alert|notify|tell|call|warn|buzz|nudge) me (up |)(in|after) {minutes} (minutes|mins)
(wake me|get me up) from (my|the) nap in {minutes} minutes
(i need|i want|i gotta have|let me have|start|begin|run|put on|make|get) (a|an) (timer (of|for) {minutes} (minutes|mins)|{minutes} minute timer)
{minutes} (minutes|mins) (on the clock|on the timer|timer|countdown)(, starting now| from now| starting now|)
(the |my |){timer} (needs|takes|wants|is in for) {minutes} (minutes|mins)(, set a timer| set a timer|)
(let me know|say something|beep|ring|buzz) (when|once|after) {minutes} minutes (are over|are up|have passed|is up|)
(timer|countdown) {minutes} (minutes|mins)
# HassTimerStatus
how (much longer|long|much time) (is there |is left |do i have |have i got |left |remains |)(on|for|until|till|before) (the|my) (timer|timer ends|timer is up|timer goes off|countdown)
(when|how soon) (does|will|is) (the|my) (timer|countdown) (end|finish|go off|done|be up|over|ring)
(how is|how's|what's with|what about|check|check on|where are we on) (the|my) (timer|countdown)( doing| going|)
(time|how many minutes) (left|remaining|to go|are left) on (the|my) (timer|countdown)
is (the|my) timer (nearly|almost|) (done|over|up|finished)
# HassCancelTimer
(forget|drop|scrap|kill|end|stop|delete|remove|lose|clear|abort|never mind|nevermind|ditch|get rid of) (about |)(the|my|that) (timer|countdown)
(i|we) (don't|do not|no longer) need (the|my|that) (timer|countdown)( any more| anymore|)
(turn|shut|switch) off (the|my|that) (timer|countdown)
(the|that) (timer|countdown) (can|should) (stop|go|be cancelled|end)
# HassPauseTimer
(hold|halt|freeze|stop|suspend|wait with|interrupt) (the|my|that) (timer|countdown)( for a (moment|second|bit|while)| there| briefly|)
(give|let) the timer (a break|rest)
# HassUnpauseTimer
(carry on|go on|continue|keep going|start again|go ahead|proceed) with (the|my|that) (timer|countdown)
(let|have) the timer (run|go|continue)( on| again|)
(restart|pick up|unfreeze|start) (the|my|that) (timer|countdown)( again| where it was|)
# HassIncreaseTimer
(i|we) need (another |) {minutes} (more |)minutes( on the timer|)
(give|get) (me|it|the timer) (another |){minutes} (more |)minutes( on the timer|)
{minutes} (more|extra|additional) minutes (on|to|for) (the|my) timer
(make|let|have) (the|my) timer (run |be |go |)({minutes} minutes longer|longer by {minutes} minutes)
(put|stick|tack|throw|add) (another |)({minutes}) (more |extra |)minutes (on|onto|to) (the|my|that) timer
(extend|lengthen|prolong|increase) (the|my) timer (by|for) {minutes} minutes
# HassDecreaseTimer
(make|let|have) (the|my) timer (run |be |go |)({minutes} minutes shorter|shorter by {minutes} minutes)
(shorten|cut|reduce|trim) (the|my) timer (by) {minutes} minutes
(knock|take|drop|shave|cut) {minutes} minutes (off|from) (the|my|that) timer
{minutes} minutes (less|fewer) (on|for) (the|my) timer
# HassShoppingListAddItem
(we're|we are|i'm|we've|i've) (out of|run out of|low on|running low on|nearly out of) {item}(, | so | )(put|add|stick|write|get|throw|note) (it|them|some|that|that down|it down) (on|to|onto) (the|my|our) shopping list
(i|we) (still |)(need|have|must|want) (to buy |to get |to pick up |)({item})(, | so | )(put|add|note|write|stick|jot) (it|them|that|it down) (on|to|onto) (the|my|our) shopping list
(put|stick|throw|pop|write|jot|note|get|pencil|include|enter) {item} (down |)(on|onto|in|to|into) (the|my|our) (shopping|grocery|groceries) list
(shopping|grocery) list (add |plus |also |needs |){item}
(the|my|our) (shopping|grocery) list (needs|should have|is missing|lacks) {item}
(remember|don't forget) (to buy|the|to get|to pick up) {item}( when we shop| at the store|)
(i|we) need (to buy|to get|to pick up|some|more) {item}( from the store| from the shop| at the supermarket|)
{item} (goes|should go|has to go|belongs) on (the|my|our) shopping list
# HassShoppingListCompleteItem
(i|we) (got|bought|have|picked up|have got|found) (the |){item}(, | so | )(tick|check|cross|strike|take|mark) (it|them|that) off (the|my|our) shopping list
(got|bought) (the |){item}(, | | so )(tick|check|cross|strike|take) (it|them) off the shopping list
(tick|check|cross|strike|mark) (off |out |)(the |){item} (off |on |from |)(the|my|our) shopping list
(we|i) (don't|no longer) need {item} (on|from) the shopping list
# HassListAddItem
(put|stick|throw|pop|write|jot|note|pencil|include|enter) {item} (down |)(on|onto|in|to|into) (the|my|our) {name:todo}( list|)
(the|my|our) {name:todo} (list |)(needs|should have|is missing) {item}
# HassMediaNext
(i|we) (don't|do not|can't) (like|stand|want|care for) this (song|one|track|tune|music)(, | )(next|skip|another|next one|skip it|next song)( please|)
(next|another|different) (song|track|one|tune|episode|video|number)
(skip|pass on|jump past|get past|drop|move past) (this|that|this song|this one|this track|to the next|it|the song)
(play|put on|go to|move to|jump to|give me|give us) (the next|another|a different|something else|the following) (one|song|track|tune|)
(not this|anything but this|enough of this) (song|one|again|track)
(next|skip)( song| track| one|) on (the |){name:media_player}
# HassMediaPrevious
(go|jump|skip|move) back (to |)(the (last|previous) (song|track|one)|a song|one|a track)
(the |)(last|previous) (song|track|one|tune) (again|please|once more)
(play|put on|let me hear|i want to hear) (that|the last one|that song|the previous one|what was on before) (again|once more)
# HassMediaPause
(hold|freeze|stop|halt|wait with|interrupt) (the |my |this |that |)(movie|film|music|song|show|video|tv show|playback|episode|podcast|series)( for a (second|moment|minute|bit)| there| a second|)
(give|let) (the |)(movie|music|film|show) (a break|rest|wait)
(hold|freeze|stop|halt) (the |){name:media_player}( for a moment| there|)
(stop|hold) (playing|playback|the playback|what's playing)( for now| for a moment|)
# HassMediaUnpause
(carry on|go on|continue|keep going|go ahead|proceed) (with |playing |)(the |my |this |)(movie|film|music|song|show|video|playback|episode|podcast|series)
(start|play|run) (the |my |)(movie|film|music|show|video) again
(let|have) (the |)(movie|film|music|show) (go on|run|continue|play)( again|)
(carry on|continue|go on|keep playing) (on|with) (the |){name:media_player}
(keep|start) playing( again| on|)
# HassSetVolumeRelative|volume_step=down
(the |my |){name:media_player} is (way |a bit |far |)too (loud|noisy)
(it's|it is|that's|this is|the music is|the sound is|the volume is) (way |a bit |far |much |)too (loud|noisy|high)( in the {area}|)
(i|we) (want|need|would like) (the |your |)(volume|music|sound) (lower|lowered|decreased|down|softer|quieter)
(make|get|have|keep) (it|the music|the sound|the {name:media_player}) (a bit |a little |)(quieter|softer|less loud|down)
(bring|take|tone|turn|dial|knock|nudge|pull) (the |your |)(volume|music|sound|audio|noise) down( a bit| a notch| a little| a touch|)
(lower|reduce|decrease|drop|soften|turn down|quiet) (the |your |)(volume|music|sound|audio|speaker|{name:media_player})( a bit| a notch| a little|)
(speak|talk|be|play) (more quietly|quieter|softer|lower|more softly)
(less|lower|reduced) (volume|noise|sound)
# HassSetVolumeRelative|volume_step=up
(the |my |){name:media_player} is (way |a bit |far |)too (quiet|low|soft|silent)
(i|we) (can't|cannot|can hardly|can barely) hear (it|you|the music|this|that|anything|the {name:media_player})
(it's|it is|the music is|the sound is|the volume is) (way |a bit |far |much |)too (quiet|low|soft)( in the {area}|)
(i|we) (want|need|would like) (the |your |)(volume|music|sound) (higher|raised|increased|up|louder)
(make|get|have) (it|the music|the sound|the {name:media_player}) (a bit |a little |)(louder|up|stronger)
(bring|turn|crank|pump|dial|blast|push|nudge) (the |your |)(volume|music|sound|audio) up( a bit| a notch| a little| a touch|)
(raise|boost|increase|up|pump up|crank up|turn up) (the |your |)(volume|music|sound|audio|speaker|{name:media_player})( a bit| a notch| a little|)
(speak|talk|be|play) (up|louder|more loudly)
(more|higher) (volume|sound)
# HassSetVolume
(crank|bring|take|turn|push|put|drop|get|have|dial|pull) (the |my |){name:media_player} (volume |)(up |down |)(to|at) {volume_level}( percent| %|)
(crank|bring|take|turn|push|put|drop|get|have|dial) the (volume|sound|music) (up |down |)(to|at) {volume_level}( percent| %|)( in the {area}|)
(the |my |){name:media_player} (volume |)(should be |to |at ){volume_level} (percent|%)
(i|we) (want|need) (the |your |)(volume|sound) (at|to|to be) {volume_level}( percent|)
(volume|sound) (level |)(needs to be |should be |has to be |to be |)(at |to |){volume_level}( percent|)
# HassMediaPlayerMute
(silence|hush|quiet|shush|kill the sound (on|of)|no sound (on|from)|cut the sound (on|of)) (the |my |){name:media_player}
(turn|switch|cut|take) (the |)(sound|audio|volume) (off|out)( on (the |){name:media_player}|)
(silence|quiet|hush|mute)( the sound| the music| the audio| everything| please|)
(make|keep) (the |){name:media_player} (silent|mute|quiet)
(go|stay|be) (silent|quiet|mute)( for a while| for now|)
# HassMediaPlayerUnmute
(turn|switch|bring) (the |)(sound|audio) (back |)on( on (the |){name:media_player}|)
(sound|audio) back( on|)( on (the |){name:media_player}|)
(give|let) (me|us) (have |)(the |)sound (back|again)
# HassMediaSearchAndPlay
(let|can) (me|us|we) (hear|listen to|have) (some |){search_query}( on (the |){name:media_player}|)
(i|we) (want|feel like|would like|fancy|need|am in the mood for|'m in the mood for) (to hear |listening to |hearing |some |to listen to |){search_query}
(put|throw|stick) (on |)(some |){search_query}( on|)( in the {area}| on (the |){name:media_player}|)
(give|get|find|bring) (me|us) (some |)(music by |songs by |){search_query}
(how about|time for|let's have|let's hear|start|spin|stream|blast|queue) (some |){search_query}( in the {area}| on (the |){name:media_player}|)
(are you able to|play|start) (me |us |)(some |){search_query}( music| songs|)
(my|the) {search_query} {media_class}
(play|put on|start|listen to|stream|find) {search_query}( on spotify| on netflix| on youtube| please|)
(do|use|shuffle|open|turn on) (my|the) {search_query} (playlist|mix|station)
# HassVacuumStart
(have|let|make|get|send) (the |){name:vacuum} (to |)(clean|vacuum|clean up|start|do the floors|do its job|work|start cleaning|hoover|run|go)
(get|put) (the |){name:vacuum} (going|started|to work|running|on|out)
(the |)(floor|floors|carpet|house|place) (is|are|looks|needs) (dirty|a mess|filthy|dusty|a clean|cleaning|vacuuming)(, | so |, so | )(start|run|get|send) (the |){name:vacuum}( going|)
(vacuum|hoover|sweep|clean) the (house|floor|floors|place|carpet|flat|apartment)
(time|it's time) (to |for )(vacuum|hoover|clean|{name:vacuum})( the floor| the house| to work|)
(turn|switch|power|fire) (on (the |){name:vacuum}|(the |){name:vacuum} (on|up))
(activate|run|launch|begin|deploy|release) (the |){name:vacuum}
(activate|start|run|get|turn on|deploy) the (roomba|vacuum|robot|vacuum cleaner|robot vacuum|hoover|cleaning robot|cleaner)( going| cleaning| to clean|)
# HassVacuumReturnToBase
(send|bring|get|take|call|drive) (the |){name:vacuum} (home|back|back home|to its dock|to the dock|to charge|home to charge|to its base|to its station)
(have|let|make) (the |){name:vacuum} (go home|go back|dock|charge|return|go charge|recharge)
(the |){name:vacuum} (has|is) (done|finished) (enough|cleaning|)(, | so | )(send it|bring it|take it) (home|back)
(dock|park|recharge|charge) (the |){name:vacuum}
(that's|that is) enough (cleaning|vacuuming) (for today|for now|){name:vacuum} go home
# HassVacuumCleanArea
(have|let|make|get|send) (the |){name:vacuum} (to |)(clean|vacuum|do|hoover|sweep) (the |){area}
(vacuum|hoover|sweep|clean|tidy) (up |)(the |){area}( floor| carpet|)
(the |){area} (floor |)(is|looks|needs) (dirty|dusty|a clean|vacuuming|a vacuum)(, | so | )(clean|vacuum) it
(send|get) (the |){name:vacuum} (to|into) (the |){area}
# HassGetWeather
do (i|we) need (an umbrella|a coat|a jacket|a raincoat|sunscreen|boots)( {date}| today|)( in {place}|)
(what's|what is|how's|how is) it (like |)(outside|out|outdoors|out there)( today| right now|)
(is|will) it (going to |be |)(rain|raining|snow|sunny|cold|warm|windy|hot)( outside| out| {date}| in {place}|)
(should|can|could) i (wear|take|bring) (shorts|a coat|an umbrella|sandals|a jacket)( {date}| today|)
(give|get|tell|show|read) me (the |a |)(weather |)(forecast|weather report|weather|weather update)( for {place}| {date}| in {place}|)
(what|how) (should i expect|is the sky|are conditions|does it look) (outside|weather wise|out there)( {date}|)
(forecast|weather)( for|) ({place}|{date})
(how|what) (is|will|does) the (weather|temperature|forecast) (be|look|be like|look like|going to be like|going to be) ({date}|)( in {place}|)
(what's|what is|how's|how is) (the |today's |tomorrow's |)(weather|forecast|temperature)( like| looking|)( in {place}| {date}|)
(will|is) it (be |getting |)(warmer|colder|hotter|cloudy|dry|icy|freezing|stormy|clear)( {date}|)( in {place}| here|)
(is|will) {place} (experiencing|having|getting|going to have|have) (bad weather|rain|snow|a storm|sun|good weather)( {date}|)
is it (nice|wet|dry|stormy|foggy|icy) (outside|out|in {place})
# HassGetCurrentTime
(have|do) you (got |have |)the time
(what|which) (hour|time) (do we have|have we got|is it now|of day is it|are we at)
(how late|what o'clock) is it( now|)
(give|tell) me the (current |)(time|hour)
is it (late|early)( already|)
# HassGetCurrentDate
(which|what) day (of the month |of the week |)(is it|are we|do we have)( today|)
(what's|what is|which is|tell me|give me|remind me of) (today's |the |the current |the exact )(date|day)
what date (is it|are we|do we have|is today)
(what's|what is) (the |today's )(calendar |)date
# HassBroadcast
(tell|let|inform|notify) (everybody|everyone|the family|the kids|all|the whole house) (know |)(that |){message}
(call out|shout|say|announce) (to everybody |to everyone |to the house |everywhere |in all rooms |)(that |){message}
(make|send) an announcement( that|:| saying|) {message}
# SetAlarm
(wake|get) me (up |)(at|by|around) {at}
(i|we) (need|have|want|must|would like) to (be up|get up|wake up|be awake|be woken) (at|by) {at}
(help|make) me (get|wake) up (at|by) {at}
(sound|ring|put|make|have|get|create|add|schedule) (the |an |my |)alarm (on |off |go off |ring |ready |)(for|at) {at}
(tomorrow|) i need (the|an|my) alarm (to go off|to ring|set|) (at|for) {at}
(let|have) the alarm (ring|go off|sound) at {at}
(an |my |the |)alarm (for|at) {at}
# GetAlarms
(when|what time) (will|does|do|is) (my|the) (alarm|alarms) (go off|ring|set|set for|wake me)
(which|what|how many|do i have any|are there any|have i got any) alarms( do i have| are set| have i set| set|)
(tell|show|read|list|give) (me |)(my|the|all|all my) (alarm|alarms)( times| timings| settings|)
(is|did i set) (there |)(an|my|the) alarm (set |on |for tomorrow|)
when (am i|do i) (getting up|get up|woken|being woken)
# DeleteAlarm
(get rid of|drop|scrap|kill|remove|delete|lose|clear|take off|turn off|switch off|call off|forget) (my|the|that) (alarm|alarm for {at}|{at} alarm)
(i|we) (don't|do not|no longer) need (the|my) alarm( for {at}| at {at}| any more|)
(no|no more) alarm (at|for) {at}
# SetReminder
(don't let me forget|make sure i|help me remember|make sure that i|see that i) (to |){text}( {date}| at {at}|)
(i need|set|make|create|add|put|give me) (a |an |)reminder (to|about|that i|for) {text}( {date}| at {at}|)
(remind|tell|nudge|ping) me (about|that i must|that i have to|to) {text}( {date}| at {at}|)
(i must|i have to) remember to {text}( {date}| at {at}|)
# GetReminders
(what|which) (reminders|things to remember) (do i have|are there|have i got|did i set)( {date}|)
(read|tell|show|list|repeat|give) (me |)(my|the|all my|my current) (reminder|reminders|reminders list|list of reminders)
(what|is there anything) (did i want|do i have|should i|am i supposed) to (remember|be reminded of)
# GetLists
(what|which) (are the (current |)|)lists (i have|do i have|are there|have i made)
(show|read|tell|name) (me |)(all |)(my|the|all my) lists
# GetList
(what's|what is|what do i have|what have i got) (on|in) (the|my|our) (shopping|grocery) list
(read|show|tell|give) (me |)(the|my|our) (shopping|grocery|{name:todo}) list
(what|which things) (do|did) (i|we) (need|want|plan|have) to (buy|get|pick up)
(do i|did i|have i) (have|put|got) {item} on (the|my) (shopping|grocery) list
is {item} on (the|my|our) (shopping|grocery) list
# TellJoke
(tell|give|say) (me |us |)(a|another|one more|your best|a funny|a good|a dirty|some) (joke|jokes|one)( about (cats|politicians|aliens|robots|chickens|science)|)
(make|get) (me|us) (laugh|smile|giggle)
(i want|i need|i could use|let's hear|do you know|got|have you got) (a|any|some|another|a good) (joke|jokes|laugh)( about (dogs|food|lawyers|school)|)
(what's|what is) (the|your) (latest|best|funniest|favourite) joke( about (birds|dogs|computers)|)
(say|tell me) something funny
"""

ASIDES = """
# OutOfScope
(i|we|he|she|they|my wife|my husband|my mum|the kids) (turned|switched|left|put) the ({area} |)(lights|light|fan|heating|tv) (on|off|up|down) (this morning|yesterday|last night|already|earlier|by mistake)
(i|we|he|she|they|my sister|my brother) (locked|unlocked|opened|closed|shut) the (door|{name:lock}|{name:cover}|garage|window|windows) (this morning|yesterday|last night|already|earlier)
(he|she|they|my sister|my brother|the neighbour|my boss|mum|dad) (told|asked|wants|wanted|reminded|begged) (me|her|him|us|them|her husband) to (turn|switch) (off|on) the ({area} |)(lights|light|tv|fan)
(he|she|they|someone|the man) (said|yelled|shouted|screamed|says|wrote) (turn|switch) the (lights|volume|music|{name:light}) (on|off|down|up)
(what|what would|what will) (happens|happen) if (i|we|you) (turned|turn|switched|opened|locked|close) (off |on |)(the |)({name:light/fan/switch/cover/lock})
(suppose|imagine|what if|say) (i|we|you) (wanted|had|were|tried) to (open|close|lock|turn on|turn off) the ({name:light/cover/lock}|windows|lights)
if i (had|were|was|owned) (a|an|the) (vacuum|robot|better light|new fan|thermostat) i (would|could) (clean|cool|light|warm) the {area}
(it would be|would be|wouldn't it be) (nice|great|lovely) if the ({name:light/fan/media_player}|lights|heating) (were|was) (quieter|brighter|warmer|smaller)( one day|)
(the|that|this) (movie|film|book|song|play) (was|is) called (lights out|open door|the window|silent fan|turn it off)
(i|we|you) (love|hate|like|adore) (the|this|that) (colour|color|look|shape|sound|price) of (the |)({name:light/cover/fan/media_player}|{area} lights)
(how|where) (do|can|should) (i|you|we|one) (change|buy|fix|clean|install|repair|replace|paint) (a|an|the) (light bulb|lamp|thermostat|fan|lock|curtain|window|door)
(how much|what) (does|do|is) (a|an|the) (new |)(thermostat|lamp|fan|vacuum|lock|light bulb|tv) (cost|weigh|consume|worth)
(order|buy|sell|ship|paint|draw|design|return) (me |)(a|an|the|some) (new |)(ceiling fan|lamp|curtain|tv|vacuum|lock|thermostat|light)( online| for me|)
(what|how fast|how big) is (the |)(speed of light|colour of light|light year|temperature of the sun|size of a window|weight of a lamp)
(who|when did someone) (invented|made|built|discovered|invent) the (light bulb|lock|thermostat|vacuum|window|fan|television|timer)
(i|we) (think|believe|feel|guess|know) (the|our|that the) ({area} |)(lights|lamps|fan|heating|curtains|{name:light}) (are|is) (too expensive|ugly|nice|old|broken|from the nineties)
(someone|somebody|we|you|one|people) should (really |finally |)(fix|repair|paint|buy|replace|clean|fetch) (the|a) ({name:lock/cover/light/fan}|door|lamp|window)( some day| one day|)
(the|my) (timer|alarm|light|fan|lock|clock|window) (of|on|in) (my|the) (oven|car|old house|office building|neighbour) (is|was) (broken|loud|old|stuck)
(remember|do you remember) (when|how) (the|we|you) (windows were open|lights went out|turned on the lights|locked the door|had no light|opened the door)( all night|)
(when|while) (i|we|he|she) (was|were) (a child|young|little|in school) (we|i) (locked|opened|closed|lit) the (front door|windows|lamps|light)( every night|)
(there is|there's|there was) (a|some|no) (light|window|door|fan) (at the end of the tunnel|in the sky|in the distance|of hope)
(have|did) you (ever |)(see|seen|hear|heard|watch|read) (such a|a|the|this) (bright light|open window|loud tv|nice lamp|game last night|news)
(you|he|she|they|nobody) (never|always|often|rarely) (turns|turn|switches|locks|opens|closes) (off |on |)the (lights|light|door|window|tv)( when i ask|)
(let's|we could|we should|i want to|i plan to) (paint|decorate|buy|renovate|sell|clean out) the ({area}|lamp|curtains|living room)( next summer| one day| blue|)
(is it|isn't it) (safe|good|bad|expensive|legal|healthy|normal) to (leave|keep|have) (a|the) (fan|light|heater|tv|window) (on|running|open)( overnight| all day|)
(don't|do not|never|please don't|you must not|don't ever) (turn on|turn off|open|close|lock|unlock|touch|start|switch on) (the |)({name:light/cover/lock/fan}|lights|door|garage door)( under any circumstances| tonight|)
(call|text|email|phone|ring|message|facetime) (my |the |)(mother|boss|office|wife|doctor|neighbour|school)( that i am late| please| now|)
(send|write|read|forward) (an |the |a |my |)(email|text|message|letter) (to|from) (the office|my boss|the kitchen|the president|anna)
(pass|give|hand|bring|fetch|throw) me the (salt|newspaper|keys|blanket|phone|towel)
(set|clear|wipe|lay) the (table|desk|floor|dishes)( please|)
(close|open|shut|hold) (the |)(door behind you|your eyes|your mouth|book|the box|bottle|my account|an account)
(i|we) (could|would) (kill for|really use|love|die for) (a |some |)(coffee|holiday|drink|break|sandwich|beer)
(i'm|i am|we're) (hungry|thirsty|bored|tired|late|lost|pregnant|busy|in love|on my way|at work)( again| today|)
(what a|such a|it's a) (lovely|nice|beautiful|bad|terrible) (day|evening|song|film|mess)( it is|)
(yeah|no|well|hm|so|and then|maybe|i mean) (no |yeah |i |)(don't know|maybe|whatever|i guess|never|perhaps)
(turn|set|put|add|the|in the|and then the|is the|open)
(the |)({area}|{name:light}|kitchen|lights in the)
(read|tell) me (the news|a story|my emails|my horoscope|the headlines|chapter two)( from {area}| today|)
(who|when) (won|plays|is playing|scored|lost) (the |)(game|match|election|final|last night)( last night|)
(rate|review|recommend|find|download|reserve) (this |a |me a |the |)(book|film|restaurant|table|game|recipe|hotel)( for two| tonight| near me|)
(play|start|let's play) (a game|chess|a game of chess|poker|hide and seek|a quiz|tic tac toe|trivia|monopoly)( with me| please|)
(what's|what is) (playing|on|showing|happening|going on) (at the cinema|at the theatre|in town|in new york|at the movies|near me)( tonight|)
(where|how) (can|do) i (get|buy|find|reach) (a taxi|organic food|my w2|the station|cheap shoes|the bus|a dentist)
(what|how many) (kind of|type of|) (insurance|vacation|money|holidays|credit|mileage) do i (have|get|own)( left|)
(when|where) is (the next|my|the closest|the nearest) (payday|flight|train|bus|pharmacy|bill|paycheck|kroger)( due| leaving|)
(my|the|our) (card|credit card|car|passport|phone|wallet) (is|was|has been|got) (stolen|lost|torn|broken|damaged|declined|expired)
(how much|what) (is|does) (a |the |)(train ticket|flight|taxi|stamp|stock|share|hotel)( to boston| cost| worth|)
(i like|i don't like|save|remember|favourite|love) (this|that) (song|music|artist|opinion)( a lot| very much|)
(post|tweet|share|upload) (that|this|a picture|my status|something)( on facebook| on twitter|)
(when|how) did (he|she|camus|the king|my grandfather|nintendo) (die|begin|start|live|get born)
"""
