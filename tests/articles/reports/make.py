"""Writes the documents into a folder: ``python -m tests.articles.reports.make --out DIR [--seeds DIR]``."""

import argparse
import sys
from pathlib import Path

from tests.articles.reports.corpus import files, seeds_folder


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--seeds", type=Path, help="the texts of the five newspaper reports; else REPORT_SEEDS")
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    made = files(chosen.seeds)
    for name, data in made.items():
        (chosen.out / name).write_bytes(data)
    without = "" if seeds_folder(chosen.seeds) else ", without the newspaper reports"
    sys.stdout.write(f"{len(made)} documents in {chosen.out}{without}\n")


if __name__ == "__main__":
    main()
