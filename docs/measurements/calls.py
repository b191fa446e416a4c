#!/usr/bin/env python3
"""Measures the memory of `pinward serve` with calls of an Asterisk that wait for a key.

    calls.py PROGRAM FOLDER [--calls 500] [--most 30]

PROGRAM is the program, FOLDER a data folder. Each call has keyed an extension and was asked for the PIN. Everything
listens at loopback on ports that the system chooses. Fails where the calls take more than --most MB. The memory of the
hashes, which the program takes soon after its start, is waited for and not counted to the calls.
"""

import argparse
import socket
import time

from server import Server

SETTINGS = {
    "server__listen": '["http://127.0.0.1:0"]',
    "fastagi__listen": "127.0.0.1:0",
    "fastagi__most_calls": "10000",
    # Longer than this measures.
    "attendant__wait": "60 seconds",
}


def settled(server):
    """Its memory once that has not changed for two seconds."""
    memory, since = server.memory(), time.monotonic()
    while time.monotonic() < since + 2:
        time.sleep(0.1)
        if server.memory() != memory:
            memory, since = server.memory(), time.monotonic()
    return memory


def call(port, number):
    """A call as Asterisk hands it over, up to the question for the PIN."""
    connection = socket.create_connection(("127.0.0.1", port))
    about = {
        "network": "yes",
        "request": f"agi://127.0.0.1:{port}/attendant",
        "channel": f"PJSIP/gateway-{number:08x}",
        "language": "en",
        "type": "PJSIP",
        "uniqueid": f"1795334490.{number}",
        "version": "16.28.0",
        "callerid": f"+1425555{number:04}",
        "dnid": "700",
        "context": "pinward",
        "extension": "700",
        "priority": "3",
    }
    connection.sendall("".join(f"agi_{name}: {value}\n" for name, value in about.items()).encode() + b"\n")
    keyed = ["51219"]
    lines = connection.makefile("r")
    for line in lines:
        if not line.startswith("GET DATA"):
            connection.sendall(b"200 result=0\n")
        elif keyed:
            connection.sendall(f"200 result={keyed.pop()}\n".encode())
        else:
            return connection
    raise SystemExit("the call was not answered")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--most", type=float, default=30)
    args = parser.parse_args()
    server = Server(args.program, args.folder, **SETTINGS)
    port = server.ports["answering calls at"]
    first = call(port, 0)
    before = settled(server)
    kept = [call(port, number + 1) for number in range(args.calls)]
    after = settled(server)
    first.close()
    for connection in kept:
        connection.close()
    server.stop()
    taken = after[1] - before[1]
    print(
        f"{args.calls} calls that wait for a key: {taken:.1f} MB ({1000 * taken / args.calls:.1f} kB each);"
        f" the program with them {after[1]:.1f} MB of its own, {after[0]:.1f} MB with the pages of its files"
    )
    assert taken < args.most, f"more than {args.most} MB"


if __name__ == "__main__":
    main()
