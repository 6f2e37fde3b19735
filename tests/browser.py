"""Where this machine's Chromium is: ``python -m tests.browser`` prints it, or says how to get one and fails.

The browser tests drive the system's own browser; none is downloaded.
"""

import os
import shutil
import sys

#: Chromium's shell without windows comes first: the same engine, which lays out, paints and runs scripts alike. It spends a
#: third of the time on opening pages and setting their width.
COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

NOT_FOUND = (
    "没有找到 Chromium 浏览器：请安装（Debian/Ubuntu：apt-get install chromium-headless-shell fonts-noto-cjk，没有这个包时装 chromium），"
    "或用 CHROMIUM_PATH 指定浏览器程序的位置。"
)


def find_browser() -> str | None:
    """$CHROMIUM_PATH where it is set, else the first of COMMANDS on PATH."""
    chosen = os.environ.get("CHROMIUM_PATH")
    return shutil.which(chosen) if chosen else next(filter(None, map(shutil.which, COMMANDS)), None)


if __name__ == "__main__":
    path = find_browser()
    print(path or NOT_FOUND, file=sys.stdout if path else sys.stderr)
    sys.exit(0 if path else 1)
