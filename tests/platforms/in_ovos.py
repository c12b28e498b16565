"""Run inside a Python that has ovos-core and uptake: its message bus, and its service of utterance transformers.

OVOS finds the plugin by its entry point, makes it from mycroft.conf, and the plugin opens a connection to the bus.
"""

import asyncio
import json
import os
import sys
import threading
import time

from ovos_bus_client import Message, MessageBusClient
from ovos_core.transformers import UtteranceTransformersService
from ovos_messagebus.event_handler import MessageBusEventHandler
from ovos_utils.fakebus import FakeBus
from tornado import ioloop, web

CONTEXT = {"session": {"session_id": "s1", "site_id": "kitchen"}}


def bus_server(port: int) -> None:
    asyncio.set_event_loop(asyncio.new_event_loop())
    web.Application([("/core", MessageBusEventHandler)]).listen(port, "127.0.0.1")
    ioloop.IOLoop.current().start()


def main() -> None:
    threading.Thread(target=bus_server, args=(int(sys.argv[1]),), daemon=True).start()
    time.sleep(1)
    say = MessageBusClient()
    say.run_in_thread()
    say.connected_event.wait(30)
    transformers = UtteranceTransformersService(FakeBus())
    [plugin] = transformers.plugins
    plugin.bus.connected_event.wait(30)
    say.emit(Message("recognizer_loop:utterance", {"utterances": ["play jas"], "lang": "en-us"}, CONTEXT))
    utterances, _ = transformers.transform(["play jas"], dict(CONTEXT))
    time.sleep(1)
    say.emit(Message("complete_intent_failure", {}, CONTEXT))
    say.emit(Message("ovos.utterance.handled", {}, CONTEXT))
    time.sleep(3)
    sys.stdout.write(json.dumps(utterances) + "\n")
    sys.stdout.flush()
    os._exit(0)


main()
