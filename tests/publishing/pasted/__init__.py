"""What programs put into the clipboard, and what is to be stored of it: ``word.html`` and ``word.stored.html``.

The texts are made up; the markup is what Word 2016/365, WPS, WeChat's editors, Outlook and a web page produce.
In the stored ones a line is a block, for reading; they are compared without line ends.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
SAMPLES = sorted(path.stem for path in FOLDER.glob("*.html") if "." not in path.stem)


def pasted(name: str) -> str:
    return (FOLDER / f"{name}.html").read_text(encoding="utf-8")


def stored(name: str) -> str:
    return "".join((FOLDER / f"{name}.stored.html").read_text(encoding="utf-8").splitlines())
