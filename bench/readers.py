"""Readers of numbers side by side: the same pictures, in one run, one after the other, two threads each.

    apt-get install tesseract-ocr
    python -m venv PEERS
    PEERS/bin/pip install rapidocr==3.10.0 ddddocr==1.6.1 onnxruntime==1.32.0 opencv-python-headless==5.0.0.93
    python bench/readers.py FOLDER --python PEERS/bin/python [--answers FOLDER]

FOLDER is laid out as bench/reader_sets.py says. A picture is right if all its digits are, in reading order;
whatever isn't a digit is dropped from every reader's text first. Milliseconds are a set's mean from file to
text, the reader loaded and warm; "start" is from asking for a process to the first picture read. RapidOCR
reads with its detector, or ("line") takes the whole picture for one line; ddddocr as it comes, or from the
scores of digits only; Tesseract with a whitelist of digits and, for each set, the best of its page
segmentation modes, chosen by the labels, in its favour. RapidOCR's detector alone takes a quarter of an hour.

--answers keeps what every reader said, as JSON; peers with answers for these pictures there aren't run again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reader_sets import Picture, judge, load_sets

WORKER = Path(__file__).with_name("reader_ways.py")
PEERS = ("rapidocr-line", "ddddocr", "ddddocr-digits", "rapidocr")  # the slowest last
MODES = ("6", "7", "8", "10", "11", "13")  # a block, a line, a word, a character, sparse text, a raw line
KNOWN = "cheques, digits given"
Jobs = dict[str, list[tuple[str, dict[str, int]]]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default=sys.executable, help="the peers' Python")
    parser.add_argument("--answers", type=Path, help="keep answers in this folder, and use the peers' in it")
    options = parser.parse_args()
    sets = load_sets(options.folder)
    jobs: Jobs = {name: [(str(picture.path), {}) for picture in pictures] for name, pictures in sets.items()}

    ours = ask("shuzi", sys.executable, jobs | known_length(sets))
    if options.answers:
        options.answers.mkdir(parents=True, exist_ok=True)
        (options.answers / "shuzi.json").write_text(json.dumps(ours))
    given = {KNOWN: sets["cheques"]} if "cheques" in sets else {}
    counts = " | ".join(f"{name} ({len(pictures)})" for name, pictures in (sets | given).items())
    print(f"| right, ms a picture | start | {counts} |\n|{'---|' * (2 + len(sets | given))}")
    print(row("shuzi", ours["start"], cells(ours, sets | given)), flush=True)
    tries = {mode: kept(options.answers, f"tesseract-{mode}", sys.executable, jobs) for mode in MODES}
    scores = {mode: cells(answers, sets) for mode, answers in tries.items()}
    best = {name: max(MODES, key=lambda mode: scores[mode][name][0]) for name in sets}
    start = min(answers["start"] for answers in tries.values())
    found = {name: scores[mode][name] for name, mode in best.items()}
    print(row("tesseract", start, found, best), flush=True)
    for way in PEERS:
        answers = kept(options.answers, way, options.python, jobs)
        print(row(way, answers["start"], cells(answers, sets)), flush=True)


def known_length(sets: dict[str, list[Picture]]) -> Jobs:
    """The cheques once more, with the number of digits said."""
    pictures = sets.get("cheques", [])
    jobs = [(str(picture.path), {"digits": len(picture.label)}) for picture in pictures]
    return {KNOWN: jobs} if jobs else {}


def kept(folder: Path | None, way: str, python: str, jobs: Jobs) -> dict[str, Any]:
    """A peer's answers: those in the folder if they are for these pictures, else those of a run."""
    file = folder / f"{way}.json" if folder else None
    if file and file.exists():
        answers: dict[str, Any] = json.loads(file.read_text())
        read = {name: [answer["path"] for answer in found] for name, found in answers["sets"].items()}
        if read == {name: [path for path, _ in pictures] for name, pictures in jobs.items()}:
            return answers
    answers = ask(way, python, jobs)
    if file:
        file.write_text(json.dumps(answers))
    return answers


def ask(way: str, python: str, jobs: Jobs) -> dict[str, Any]:
    """Let a reader read everything in a process of its own; its answers as in bench/reader_ways.py."""
    command = [python, str(WORKER), way, str(time.time())]
    done = subprocess.run(command, input=json.dumps(jobs), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    answers: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answers


def cells(answers: dict[str, Any], sets: dict[str, list[Picture]]) -> dict[str, tuple[float, float]]:
    """For each set the share of pictures read right, and the mean milliseconds."""
    found = {}
    for name, pictures in sets.items():
        pairs = list(zip(answers["sets"][name], pictures, strict=True))
        right = statistics.mean(judge(answer["text"], picture.label) for answer, picture in pairs)
        found[name] = right, statistics.mean(answer["ms"] for answer, _ in pairs)
    return found


def row(
    name: str, start: float, found: dict[str, tuple[float, float]], modes: Mapping[str, str] | None = None
) -> str:
    """A line of the table; with Tesseract's mode for each set."""
    said = {set_: f" (psm {mode})" for set_, mode in (modes or {}).items()}
    values = [f"{right:.1%}, {ms:.1f}{said.get(set_, '')}" for set_, (right, ms) in found.items()]
    return f"| {name} | {start:.2f} s | {' | '.join(values)} |"


if __name__ == "__main__":
    main()
