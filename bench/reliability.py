"""How far shuzi's confidence can be trusted on real pictures, and how many it reads without help.

    python bench/reliability.py FOLDER [--leave-out CHEQUE ...]

FOLDER is laid out as bench/reader_sets.py says. First, for each set and for all together (without the cheques
with their length given and the hard photos): the largest share of pictures that some threshold accepts with
at most 1 % and 0.1 % of those wrong, in hindsight (0.1 % of fewer than 1,000 is none); then what the shipped
threshold accepts, and how much of that is wrong. A page's confidence is the product of its numbers', and 0
where nothing was read. At the shipped threshold a page is accepted, as users see it, if it has numbers and
each of them is accepted. After that, how often readings of each confidence are right. Cheques that are left
out, by name without .jpg, are those whose labels their pictures contradict (docs/LOG.md names ten).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import shuzi
from reader_sets import coverage_at, judge, load_sets, page_confidence, reliability

EDGES = (0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1)
APART = ("photos-hard", "cheques, digits given")


class Reading(NamedTuple):
    """A page's confidence, whether it was right, and whether it was accepted."""

    confidence: float
    right: bool
    accepted: bool


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leave-out", nargs="*", default=[])
    options = parser.parse_args()
    sets = load_sets(options.folder)
    if "cheques" in sets:
        sets["cheques"] = [one for one in sets["cheques"] if one.path.stem not in options.leave_out]
    reader = shuzi.Reader()
    readings = {
        name: [read(reader, path, label) for path, label, _ in pictures] for name, pictures in sets.items()
    }
    if "cheques" in sets:
        readings["cheques, digits given"] = [
            read(reader, path, label, len(label)) for path, label, _ in sets["cheques"]
        ]
    readings["all"] = [one for name, found in readings.items() if name not in APART for one in found]

    print("| set | pictures | right | coverage at 1 % error | at 0.1 % | accepted | wrong of those |")
    print(f"|{'---|' * 7}")
    for name, found in readings.items():
        print(coverage_row(name, found))
    for name, found in readings.items():
        print(f"\n{name}\n\n| confidence | pictures | mean confidence | right |\n|---|---|---|---|")
        for low, high, count, sure, right in reliability(*columns(found), EDGES):
            print(f"| {low:g} to {high:g} | {count} | {sure:.2%} | {right:.2%} |")


def read(reader: shuzi.Reader, path: Path, label: str, digits: int | None = None) -> Reading:
    """Read a picture and judge what was read."""
    numbers = (page := reader.read(path, digits=digits)).numbers
    return Reading(
        page_confidence([number.confidence for number in numbers]),
        judge(str(page), label),
        bool(numbers) and all(number.accepted for number in numbers),
    )


def columns(readings: list[Reading]) -> tuple[list[float], list[bool]]:
    """Confidences, and what was right."""
    return [one.confidence for one in readings], [one.right for one in readings]


def coverage_row(name: str, readings: list[Reading]) -> str:
    """A line of the first table."""
    confidences, right = columns(readings)
    accepted = [one for one in readings if one.accepted]
    wrong = f"{sum(not one.right for one in accepted) / len(accepted):.2%}" if accepted else "-"
    one_percent, one_in_1000 = (coverage_at(error, confidences, right)[0] for error in (0.01, 0.001))
    return (
        f"| {name} | {len(readings)} | {sum(right) / len(right):.1%} | {one_percent:.1%} | {one_in_1000:.1%} "
        f"| {len(accepted) / len(readings):.1%} | {wrong} |"
    )


if __name__ == "__main__":
    main()
