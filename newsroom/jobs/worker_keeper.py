"""Keeps a worker running beside the web server, as long as that process lives: `-m newsroom.jobs.worker_keeper PID`.

Small on purpose, and without Django: it waits, starts the worker again when it ends, and ends it with the server. The
worker has a session of its own, so that a terminal's Ctrl-C reaches it once, from here.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# The server prepares its first pages then.
HEAD_START = 2.0
LOOK = 0.25
PATIENCE = 10.0
# A worker that ends sooner than this has a problem that the next one has too: those wait ever longer.
SOON, LONGEST = 10.0, 30.0


class Keeper:
    def __init__(self, server: int):
        self.server, self.told = server, False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.stop)

    def stop(self, *_signal) -> None:
        self.told = True

    @property
    def is_wanted(self) -> bool:
        return not self.told and os.getppid() == self.server

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.is_wanted and time.monotonic() < until:
            time.sleep(LOOK)

    def keep(self) -> None:
        pause = 1.0
        self.wait(HEAD_START)
        while self.is_wanted:
            begun = time.monotonic()
            self.run_one()
            pause = min(pause * 2, LONGEST) if time.monotonic() - begun < SOON else 1.0
            self.wait(pause)

    def run_one(self) -> None:
        command = [sys.executable, "manage.py", "work", "--beside", str(os.getpid())]
        worker = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
        while worker.poll() is None and self.is_wanted:
            time.sleep(LOOK)
        if worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


if __name__ == "__main__":
    Keeper(int(sys.argv[1])).keep()
