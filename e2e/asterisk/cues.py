"""Tells telephones what their callers hear, so that they key and hang up by it and not by the clock.

    cues.py LOG FOLDER

Follows the log of Asterisk. A telephone has a file in FOLDER, named as its caller's number: its port, its Call-ID, and
the cues it waits for, one a line: the name of a sound that Asterisk begins to play, or `admitted`. For each cue it is
sent a request of its own call, INFO and NOTIFY by turns, again and again, ever less often, until the next cue or the
end of the call.
"""

import pathlib
import re
import socket
import sys
import time

NUMBER = re.compile(r"<(PJSIP/[^>]*)>AGI Tx >> agi_callerid: (\d+)")
SOUND = re.compile(r"<(PJSIP/[^>]*)> Playing '([^.']*)")
ADMITTED = re.compile(r'Executing \[[^]]*\] ConfBridge\("(PJSIP/[^"]*)"')
ENDED = re.compile(r'Executing \[h@pinward:1\] Verbose\("(PJSIP/[^"]*)"')


class Telephone:
    def __init__(self, number, file):
        self.number = number
        port, self.call, *self.cues = file.read_text().split()
        self.port = int(port)
        self.heard = 0
        self.sent = 0
        self.due = 0.0
        self.pause = 0.0

    def hears(self, sound):
        if self.heard < len(self.cues) and self.cues[self.heard] == sound:
            self.heard += 1
            self.due, self.pause = 0.0, 0.2

    def tell(self, out):
        now = time.monotonic()
        if not self.heard or now < self.due:
            return
        self.due, self.pause = now + self.pause, min(2 * self.pause, 3.0)
        self.sent += 1
        method = "INFO" if self.heard % 2 else "NOTIFY"
        message = [
            f"{method} sip:{self.number}@127.0.0.1:{self.port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-{self.number}-{self.sent}",
            f"From: <sip:cue@127.0.0.1>;tag=cue-{self.number}",
            f"To: <sip:{self.number}@127.0.0.1>",
            f"Call-ID: {self.call}",
            f"CSeq: {self.sent} {method}",
            "Max-Forwards: 70",
            "Content-Length: 0",
        ]
        out.sendto("\r\n".join([*message, "", ""]).encode(), ("127.0.0.1", self.port))


def heed(line, telephones, folder):
    if found := NUMBER.search(line):
        channel, number = found.groups()
        file = folder / number
        if file.exists():
            telephones[channel] = Telephone(number, file)
    elif found := SOUND.search(line):
        channel, sound = found.groups()
        if channel in telephones:
            telephones[channel].hears(sound)
    elif found := ADMITTED.search(line):
        if found[1] in telephones:
            telephones[found[1]].hears("admitted")
    elif found := ENDED.search(line):
        telephones.pop(found[1], None)


def main():
    folder = pathlib.Path(sys.argv[2])
    telephones, begun = {}, ""
    with open(sys.argv[1], errors="replace") as log, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        while True:
            for line in log:
                begun += line
                if begun.endswith("\n"):
                    heed(begun, telephones, folder)
                    begun = ""
            for telephone in telephones.values():
                telephone.tell(out)
            time.sleep(0.2)


main()
