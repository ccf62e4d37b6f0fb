"""The sentences that explain a net, one for each `Layer.key`: what happens there, and what to look for."""

from __future__ import annotations

LAYERS = {
    "input": "The digit as it was framed: 28x28 pixels, 0 is paper and 255 is full ink.",
    "scale": "The same picture in smaller numbers: nets learn best from values around 0 or 1.",
    "space-to-depth": "Each square of 2x2 pixels becomes one place with four values: nothing is lost, and the"
    " layers behind have a quarter of the places to visit.",
    "reshape": "The same numbers in another arrangement.",
    "conv": "At each place a small window of all maps before is multiplied by a kernel and summed: each map"
    " shows where one pattern was found (above 0), and where its opposite (below 0).",
    "relu": "What is below 0 becomes 0: only what was found goes on.",
    "tanh": "Every value is squeezed between -1 and 1: strong answers become alike.",
    "sigmoid": "Every value is squeezed between 0 and 1: strong answers become alike.",
    "max-pool": "Of each window only the largest value goes on: maps become smaller, and it matters less"
    " exactly where something was found.",
    "average-pool": "Of each window the mean goes on: maps become smaller and smoother.",
    "mean": "Of each map only its mean goes on: how much of a pattern there is, no longer where.",
    "flatten": "All values in one row: from here on the net no longer knows what was next to what.",
    "linear": "Each unit multiplies every value before by a weight of its own, and sums.",
    "regression": "A single weighted sum of all pixels: the net answers with a number instead of choosing a"
    " class, as if 3 were between 2 and 4 in shape.",
    "distance": "How far that number is from the middle of each digit's range, squared, with a minus, as far"
    " as the range reaches: only the digit in whose range it lies stands out. Where decimals are cut off, as"
    " the tutorial does, the range of 3 is 3 to 4.",
    "temperature": "The ten outputs divided by one number, which was fitted so that a net that says 90 % is"
    " right in 90 of 100 cases.",
    "softmax": "e to the power of each of the ten, divided by their sum: ten probabilities that add up to 1.",
    "norm": "Each map is shifted and scaled by four numbers of its own.",
    "add": "Two layers' values are added.",
    "other": "Arithmetic that has no explanation here.",
}
COVERED = "A patch of 5x5 pixels was covered at each place."
COVERED_COLOURS = "Orange: the answer gets less sure without that ink. Blue: it gets surer."
COLOURS = (
    "Colours: black is 0, orange to white is above 0, blue to white is below; each layer has its own scale."
)
