"""Pictures of printed numbers, and a tiny detector that has learnt to find their digits."""

import csv

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from shuzi.nets.detector import Detector
from shuzi.reading.contrast import contrast
from shuzi.training.detection import losses, targets
from shuzi.training.export_reader import ExportableReader, export_reader
from shuzi.training.reader import scaled

SIZE = (112, 88)  # height, width
STEPS = 300


def picture(rng, shapes="0123456789"):
    """Two rows of two digits, dark on light, and the digits: value, left, top, right, bottom of each.

    `shapes` are the characters that the values 0 to 9 are written with.
    """
    image = Image.new("L", SIZE[::-1], int(rng.integers(200, 250)))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(int(rng.integers(34, 46)))
    found = []
    for row in (0, 52):
        x, y = float(rng.uniform(6, 20)), row + float(rng.uniform(0, 6))
        for value in rng.integers(0, 10, 2):
            box = draw.textbbox((x, y), shapes[value], font=font)
            draw.text((x, y), shapes[value], fill=int(rng.integers(20, 90)), font=font)
            found.append((value, *box))
            x = box[2] + float(rng.uniform(2, 9))
    return np.asarray(image), np.array(found, np.float32)


def write_table(folder, rng, count, shapes="0123456789"):
    """A folder with pictures and their labels.csv; every label says 1234 as 1-2-3-4."""
    with (folder / "labels.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "label"])
        for index in range(count):
            pixels, digits = picture(rng, shapes=shapes)
            Image.fromarray(pixels).save(folder / f"{index}.png")
            table.writerow([f"{index}.png", "-".join(str(int(digit)) for digit in digits[:, 0])])
    return folder


def train_tiny(path):
    """Train a detector on printed numbers for some seconds, and export it."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    net = Detector([[8], [16, 16], [24, 24]], 24)
    optimiser = torch.optim.AdamW(net.parameters(), 6e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, STEPS)
    for _ in range(STEPS):
        drawn = [picture(rng) for _ in range(8)]
        images = np.stack([contrast(pixels.astype(np.float32)) for pixels, _ in drawn])
        digits = np.concatenate([np.insert(found, 0, i, axis=1) for i, (_, found) in enumerate(drawn)])
        parts = losses(net(scaled(torch.from_numpy(images))), targets(torch.from_numpy(digits), 8, *SIZE))
        optimiser.zero_grad()
        (parts[0] + parts[1] + 0.5 * parts[2]).backward()
        optimiser.step()
        schedule.step()
    export_reader(ExportableReader(net.eval(), values=1.2), path, [images[0]])
    return path
