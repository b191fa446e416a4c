#!/usr/bin/env python3
"""Measures `pinward serve`: from its start until it is ready, and its memory with idle connections.

    serve.py PROGRAM FOLDER [--connections 10000] [--starts 5]

PROGRAM is the program, FOLDER a data folder. Prints figures for docs/measurements/http.md. Needs openssl for the
half with TLS. Everything listens at loopback on ports that the system chooses.
"""

import argparse
import resource
import socket
import ssl
import statistics
import subprocess
import tempfile
import time

from server import Server

REQUEST = b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n"


def connect(server):
    return socket.create_connection(("127.0.0.1", server.ports["listening at"]))


def ask(connection):
    """One request on a connection that stays open."""
    connection.sendall(REQUEST)
    answer = b""
    while not answer.endswith(b"ready\n"):
        piece = connection.recv(4096)
        assert piece, "it closed"
        answer += piece
    assert answer.startswith(b"HTTP/1.1 200"), answer


def starts(program, folder, count):
    times = []
    for _ in range(count):
        server = Server(program, folder, server__listen='["http://127.0.0.1:0"]')
        connection = connect(server)
        ask(connection)
        times.append(1000 * (time.perf_counter() - server.began))
        connection.close()
        server.stop()
    print(f"start to ready: {min(times):.0f} ms best, {statistics.median(times):.0f} ms median of {count}")


def idle(program, folder, count, silent=False, certificate=None):
    settings = {
        "server__connections_per_address": str(2 * count),
        "server__connections": str(2 * count),
        "server__idle": "1 hour",
    }
    scheme = "http"
    if certificate:
        scheme = "https"
        settings["server__certificate"], settings["server__key"] = certificate
    kind = f"{scheme}, {'which never asked' if silent else 'which asked once'}"
    server = Server(program, folder, server__listen=f'["{scheme}://127.0.0.1:0"]', **settings)
    context = ssl._create_unverified_context()

    def connection():
        plain = connect(server)
        return context.wrap_socket(plain) if certificate else plain

    first = connection()
    ask(first)
    _, before = server.memory()
    kept = []
    for _ in range(count):
        kept.append(connection())
        if not silent:
            ask(kept[-1])
    _, after = server.memory()
    times = []
    for _ in range(200):
        began = time.perf_counter()
        ask(first)
        times.append(1000 * (time.perf_counter() - began))
    print(
        f"{count} idle connections, {kind}: {before:.1f} MB before, {after:.1f} MB with them"
        f" ({1000 * (after - before) / count:.1f} kB each); another is answered in"
        f" {statistics.median(times):.2f} ms; it stops in {server.stop():.2f} s"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--starts", type=int, default=5)
    args = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    starts(args.program, args.folder, args.starts)
    idle(args.program, args.folder, args.connections, silent=True)
    idle(args.program, args.folder, args.connections)
    with tempfile.TemporaryDirectory() as scratch:
        pair = (f"{scratch}/certificate.pem", f"{scratch}/key.pem")
        make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
        subprocess.run([*make.split(), "-out", pair[0], "-keyout", pair[1]], check=True, capture_output=True)
        idle(args.program, args.folder, args.connections, certificate=pair)


if __name__ == "__main__":
    main()
