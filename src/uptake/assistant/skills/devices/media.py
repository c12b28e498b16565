"""Skill for music, films and audiobooks: play, pause, skip, volume, what is playing; and who stands at the door."""

from __future__ import annotations

from typing import ClassVar

from uptake.assistant.skills.devices.acting import HERE
from uptake.assistant.skills.devices.players import identify, mute, play, set_volume, show_camera, switch, transport
from uptake.assistant.skills.skill import Call, Effect, Intent, NothingDue, Slot

__all__ = ["Media"]

_KINDS = ("(movie|film):movie", "(audiobook|audio book):audiobook", "video:video", "(series|show):tv_show")
_TRANSPORT = {
    "HassMediaPause": ("media_pause", "is paused"),
    "HassMediaUnpause": ("media_play", "is playing again"),
    "HassMediaNext": ("media_next_track", "is playing the next one"),
    "HassMediaPrevious": ("media_previous_track", "is playing the one before"),
}


class Media(NothingDue):
    """Skill for music and films on speakers and screens."""

    name: ClassVar[str] = "media"
    domains: ClassVar[frozenset[str]] = frozenset({"media_player", "camera"})
    intents: ClassVar[tuple[Intent, ...]] = (
        Intent(name="HassTurnOn", slots=HERE, examples=("turn on the TV",)),
        Intent(name="HassTurnOff", slots=HERE, examples=("turn off the TV", "turn the soundbar off")),
        Intent(
            name="HassMediaSearchAndPlay",
            slots=(
                Slot(name="search_query", kind="media", required=True, prompt="What shall I play?"),
                Slot(name="media_class"),
                Slot(name="artist", kind="media"),
                *HERE,
            ),
            sentences=(
                "(play|put on|start|listen to) {search_query} by {media_artist:artist}",
                "(play|put on|start|listen to) {search_query} by {media_artist:artist} (on|in) [<the>] {name}",
                "(play|watch|put on|show|read) [me] [the] {media_kind:media_class} {search_query}",
                "(play|watch|put on|show|read) [me] [the] {media_kind:media_class} {search_query} on [<the>] {name}",
                "(put on|listen to|I want to hear|let me hear|play [me|us] [some]) {search_query}",
                "(put on|listen to|I want to hear|let me hear|play [me|us] [some]) {search_query} on [<the>] {name}",
                "(watch|I want to (watch|see)|let us watch|let's watch) {search_query}",
                "(watch|I want to (watch|see)|let us watch|let's watch) {search_query} on [<the>] {name}",
            ),
            lists={"media_kind": _KINDS},
            wildcards=("search_query", "media_artist"),
            examples=("play some jazz", "play Hunger Games", "watch Casablanca on the TV", "put on Kind of Blue"),
        ),
        Intent(
            name="HassMediaPause",
            slots=HERE,
            sentences=("(pause|stop) [the] [playback|<media>] on [<the>] {name}",),
            examples=("pause the music", "stop the music"),
        ),
        Intent(
            name="HassMediaUnpause",
            slots=HERE,
            sentences=(
                "(continue|keep|go on) playing [[<the>] <media>]",
                "(continue|go on with) [<the>] <media>",
                "(continue|keep|go on) playing [[<the>] <media>] on [<the>] {name}",
            ),
            examples=("resume the music", "continue playing"),
        ),
        Intent(
            name="HassMediaNext",
            slots=HERE,
            sentences=("(play|go to) [the] next (one|<track>|episode)", "skip (this|the|that) (one|episode)"),
            examples=("next song", "skip this one"),
        ),
        Intent(
            name="HassMediaPrevious",
            slots=HERE,
            sentences=("play [the] (last|previous) (one|<track>|episode) [again]", "go back (one|a) (track|song)"),
            examples=("previous song", "go back one track"),
        ),
        Intent(
            name="HassSetVolume",
            slots=(*HERE, Slot(name="volume_level", kind="percentage", prompt="How loud, in percent?")),
            examples=("set the volume to 30", "set the TV volume to 20 percent"),
        ),
        Intent(
            name="HassSetVolumeRelative",
            slots=(*HERE, Slot(name="volume_step", prompt="Up or down?")),
            sentences=(
                "{media_loud:volume_step} [please]",
                "(make|turn) it {media_loud:volume_step}",
                "turn it {volume_step} [a (bit|little)]",
                "turn [<the>] {name} {volume_step}",
                "turn {volume_step} [<the>] {name}",
                "turn {volume_step} [the] (music|sound)",
                "turn [the] (music|sound) {volume_step}",
            ),
            lists={"media_loud": ("[a bit] louder:up", "[a bit] (quieter|softer):down")},
            examples=("turn it up", "volume down", "a bit quieter"),
        ),
        Intent(
            name="HassMediaPlayerMute",
            slots=HERE,
            sentences=("(silence|hush) [<the>] {name}",),
            examples=("mute the TV",),
        ),
        Intent(name="HassMediaPlayerUnmute", slots=HERE, examples=("unmute the TV",)),
        Intent(
            name="IdentifyMedia",
            slots=(*HERE, Slot(name="field")),
            sentences=(
                "(what is|what's) playing [<here>|(right now|now)]",
                "(what is|what's) (playing|on) <in> [<the>] {area}",
                "(what is|what's) (playing on|on) [<the>] {name}",
                "(what|which) {media_field:field} is (this|that|playing)",
                "who {media_sings:field} (this|that) [song|one]",
                "(what is|what's) (this|that) song [called]",
            ),
            lists={
                "media_field": ("(song|track|title):title", "(artist|band):artist"),
                "media_sings": ("(sings|plays|is):artist",),
            },
            examples=("what's playing", "who sings this", "what song is this"),
            changes=False,
        ),
        Intent(
            name="ShowCamera",
            slots=(Slot(name="name", kind="name", prompt="Which camera?"), Slot(name="area", kind="area")),
            sentences=(
                "(show|show me|let me see|display) [<the>] {name} [camera]",
                "(who is|who's) at the [front] door",
            ),
            examples=("show me the doorbell", "who is at the door"),
        ),
    )

    def handle(self, call: Call) -> Effect:
        """Play, change or tell what plays."""
        intent = call.interpretation.intent
        if intent in {"HassTurnOn", "HassTurnOff"}:
            return switch(call, "turn_on" if intent == "HassTurnOn" else "turn_off")
        if intent in _TRANSPORT:
            return transport(call, *_TRANSPORT[intent])
        return _ANSWERS.get(intent, set_volume)(call)


_ANSWERS = {
    "HassMediaSearchAndPlay": play,
    "HassMediaPlayerMute": mute,
    "HassMediaPlayerUnmute": mute,
    "IdentifyMedia": identify,
    "ShowCamera": show_camera,
}
