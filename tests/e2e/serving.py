"""The site in a process of its own, on the database of the test: it can be killed as a server is, and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
START = "import sys, django; django.setup(); from tests.e2e.serving import serve; serve(*sys.argv[1:])"


def serve(database: str, port: str) -> None:
    """What the process does."""
    for each in connections.all():
        each.settings_dict["NAME"] = database
    settings.ALLOWED_HOSTS = [HOST]
    run(HOST, int(port), StaticFilesHandler(get_wsgi_application()), threading=True)


class Server:
    def __init__(self):
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._process = None

    def start(self) -> None:
        arguments = [sys.executable, "-c", START, str(connection.settings_dict["NAME"]), str(self.port)]
        self._process = subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.DEVNULL)
        for _attempt in range(300):
            with socket.socket() as asking:
                if asking.connect_ex((HOST, self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("The server did not start.")

    def kill(self) -> None:
        """As the system does it: without a word, in the middle of whatever it was doing."""
        if self._process:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
