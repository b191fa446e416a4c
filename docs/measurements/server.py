"""A running `pinward serve`, for what measures it."""

import os
import signal
import subprocess
import time


class Server:
    """A running server. `ports` are those that the lines of its log beginning so tell."""

    def __init__(self, program, folder, **settings):
        """`settings` are keys of pinward.toml, such as server__listen, in the place of those in the folder."""
        variables = {f"PINWARD__{key.upper()}": value for key, value in settings.items()}
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [program, "--data", folder, "serve"],
            env={**os.environ, **variables},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.ports = {}
        for line in self.process.stderr:
            for told in ("listening at ", "answering calls at "):
                if told in line:
                    self.ports[told.strip()] = int(line.strip().rsplit(":", 1)[1])
            if line.strip().endswith("ready"):
                return
        raise SystemExit("it did not start")

    def memory(self):
        """Resident memory in MB: all of it, and its own without the pages of files, which the system can take back."""
        with open(f"/proc/{self.process.pid}/status") as status:
            values = dict(line.split(":", 1) for line in status)
        return [int(values[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "RssAnon")]

    def stop(self):
        """How long it took."""
        began = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        self.process.stderr.read()
        assert self.process.wait() == 0
        return time.perf_counter() - began
