"""One reader on many pictures: python bench/reader_ways.py WAY STARTED < JOBS.json > ANSWERS.json

JOBS: {set: [[path, what is known of its number], ...]}; STARTED: when this process was asked for.
ANSWERS: {"start": seconds until the first picture was read, "sets": {set: [{"path", "text", "confidences",
"ms"}]}}. Runs in the reader's own environment, without shuzi unless WAY is "shuzi". See bench/readers.py.
"""

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

THREADS = 2
DIGITS = "0123456789"
Answer = tuple[str, list[float]]  # the lines that were found, and how sure it is of its pieces
Read = Callable[..., Answer]


def shuzi() -> Read:
    from shuzi import Reader

    reader = Reader(threads=THREADS)

    def read(path: str, **known: int) -> Answer:
        page = reader.read(path, **known)
        return str(page), [number.confidence for number in page.numbers]

    return read


def rapidocr() -> Read:
    """With its detector, all settings as they come; boxes in reading order."""
    engine = _rapidocr()

    def read(path: str) -> Answer:
        found = engine(_opened(path)[:, :, ::-1])
        lines: list[list[tuple[float, float, str, float]]] = []
        boxes = [] if found.boxes is None else found.boxes
        pieces = zip(boxes, found.txts or (), found.scores or (), strict=True)
        for box, text, score in sorted(pieces, key=lambda piece: piece[0][:, 1].mean()):
            middle, bottom, left = box[:, 1].mean(), box[:, 1].max(), box[:, 0].min()
            if not lines or middle > lines[-1][0][1]:
                lines.append([])
            lines[-1].append((float(left), float(bottom), text, float(score)))
        ordered = [piece for line in lines for piece in sorted(line)]
        return "\n".join(piece[2] for piece in ordered), [piece[3] for piece in ordered]

    return read


def rapidocr_line() -> Read:
    """Its recogniser alone: the whole picture is one line."""
    engine = _rapidocr()

    def read(path: str) -> Answer:
        found = engine(_opened(path)[:, :, ::-1], use_det=False, use_cls=False)
        return "\n".join(found.txts or ()), [float(score) for score in found.scores or ()]

    return read


def _rapidocr() -> Callable:
    from rapidocr import RapidOCR

    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": THREADS}
    return RapidOCR(params={"Global.log_level": "error", **threads})


def ddddocr() -> Read:
    """As its README shows it. It takes no number of threads: onnxruntime starts one a core."""
    from ddddocr import DdddOcr
    from PIL import Image

    engine = DdddOcr(show_ad=False)

    def read(path: str) -> Answer:
        return engine.classification(Image.fromarray(_opened(path))), []

    return read


def ddddocr_digits() -> Read:
    """The scores of digits and of the blank only, decoded by hand, as its README shows it."""
    import numpy as np
    from ddddocr import DdddOcr
    from PIL import Image

    engine = DdddOcr(show_ad=False)

    def read(path: str) -> Answer:
        found = engine.classification(Image.fromarray(_opened(path)), probability=True)
        classes = [0, *(found["charset"].index(digit) for digit in DIGITS)]  # 0 is the blank
        scores = np.array(found["probabilities"]).squeeze()[:, classes]
        best = scores.argmax(axis=1)
        kept = best[(best != 0) & (best != np.append(0, best[:-1]))]
        share = scores.max(axis=1) / scores.sum(axis=1)
        return "".join(DIGITS[i - 1] for i in kept), [float(share.prod())]

    return read


def _opened(path: str) -> Any:
    """The picture (H, W, 3) upright and on white, since RapidOCR takes a palette's indices for grey."""
    import numpy as np
    from PIL import Image, ImageOps

    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(white, picture).convert("RGB"))


def tesseract(mode: str, paths: list[str]) -> tuple[float, list[Answer]]:
    """One process for all pictures, so that its model is loaded once: seconds, and what it read."""
    command = ["tesseract", "stdin", "stdout", "--psm", mode]
    command += ["-c", f"tessedit_char_whitelist={DIGITS}", "tsv"]
    limited = os.environ | {"OMP_THREAD_LIMIT": str(THREADS)}
    start = time.perf_counter()
    done = subprocess.run(
        command, input="\n".join(paths), capture_output=True, text=True, env=limited, check=True
    )
    seconds = time.perf_counter() - start
    lines: list[dict[tuple[str, ...], list[str]]] = [{} for _ in paths]
    sure: list[list[float]] = [[] for _ in paths]
    for row in csv.DictReader(io.StringIO(done.stdout), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5":  # a word
            page = int(row["page_num"]) - 1
            line = tuple(row[key] for key in ("block_num", "par_num", "line_num"))
            lines[page].setdefault(line, []).append(row["text"] or "")
            sure[page].append(float(row["conf"]) / 100)
    texts = ["\n".join(" ".join(words) for words in page.values()) for page in lines]
    return seconds, list(zip(texts, sure, strict=True))


WAYS = {
    "shuzi": shuzi,
    "rapidocr": rapidocr,
    "rapidocr-line": rapidocr_line,
    "ddddocr": ddddocr,
    "ddddocr-digits": ddddocr_digits,
}


def main() -> None:
    way, started = sys.argv[1], float(sys.argv[2])
    jobs = json.load(sys.stdin)
    first = next(iter(jobs.values()))[0]
    sets: dict[str, list[dict]] = {}
    if way.startswith("tesseract-"):
        mode = way.removeprefix("tesseract-")
        start = tesseract(mode, [first[0]])[0]
        for name, pictures in jobs.items():
            paths = [path for path, _ in pictures]
            alone = min(tesseract(mode, paths[:1])[0] for _ in range(3))
            seconds, answers = tesseract(mode, paths)
            spent = (
                (seconds - alone) * 1000 / max(1, len(paths) - 1)
            )  # start-up and the first picture left out
            sets[name] = [
                {"path": path, "text": text, "confidences": sure, "ms": spent}
                for path, (text, sure) in zip(paths, answers, strict=True)
            ]
    else:
        read = WAYS[way]()
        read(first[0], **first[1])
        start = time.time() - started
        for name, pictures in jobs.items():
            sets[name] = []
            for path, known in pictures:
                before = time.perf_counter()
                text, sure = read(path, **known)
                spent = (time.perf_counter() - before) * 1000
                sets[name].append({"path": path, "text": text, "confidences": sure, "ms": spent})
    print(json.dumps({"start": start, "sets": sets}))


if __name__ == "__main__":
    main()
