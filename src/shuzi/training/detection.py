"""What a detector's maps should be for the digits of a scene, and how far they are off."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from shuzi.nets.detector import STRIDE
from shuzi.shapes import Float, Shaped

_SPREAD = 0.15  # of the middle's bell over the box: its standard deviation in widths and heights
_LEAST_SPREAD = 0.45  # in cells
_OF_DIGIT = 0.35  # of the bell: cells above it learn value and box


@dataclass(frozen=True, eq=False)
class Targets:
    """For n scenes of h x w cells: the bell over each digit's middle (1 at the nearest cell), the value of
    the digit that a cell belongs to, its box (left, top, right, bottom, in cells) and the cell's weight."""

    middle: Float[Tensor, "n h w"]
    value: Shaped[Tensor, "n h w"]
    box: Float[Tensor, "n 4 h w"]
    weight: Float[Tensor, "n h w"]
    digits: int


def targets(digits: Float[Tensor, "m 6"], scenes: int, height: int, width: int) -> Targets:
    """Targets for digits given as (scene, value, left, top, right, bottom) in pixels."""
    cells = height // STRIDE, width // STRIDE
    scene, value = digits[:, 0].long(), digits[:, 1].long()
    box = digits[:, 2:] / STRIDE - 0.5  # from here on, 0 is the middle of the first cell
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    sx = ((box[:, 2] - box[:, 0]) * _SPREAD).clamp(min=_LEAST_SPREAD)
    sy = ((box[:, 3] - box[:, 1]) * _SPREAD).clamp(min=_LEAST_SPREAD)
    columns, rows = torch.arange(cells[1]), torch.arange(cells[0])
    across = torch.exp(-(((columns - x[:, None]) / sx[:, None]) ** 2) / 2)
    down = torch.exp(-(((rows - y[:, None]) / sy[:, None]) ** 2) / 2)
    across = across / across.amax(1, keepdim=True).clamp(min=1e-3)
    down = down / down.amax(1, keepdim=True).clamp(min=1e-3)
    bell = down[:, :, None] * across[:, None, :]
    # Each cell belongs to the digit whose bell is highest there.
    flat = torch.zeros(scenes, cells[0] * cells[1])
    flat.scatter_reduce_(0, scene[:, None].expand(-1, flat.shape[1]), bell.flatten(1), "amax")
    middle = flat.reshape(scenes, *cells)
    owner = torch.zeros(scenes, *cells, dtype=torch.long)
    mine = (bell == middle[scene]) & (bell > _OF_DIGIT)
    which, row, column = mine.nonzero(as_tuple=True)
    owner[scene[which], row, column] = which
    weight = torch.where(middle > _OF_DIGIT, middle, torch.zeros(()))
    if not len(digits):
        return Targets(middle, owner, torch.zeros(scenes, 4, *cells), weight, 0)
    return Targets(middle, value[owner], box[owner].permute(0, 3, 1, 2), weight, len(digits))


def losses(maps: Float[Tensor, "n 15 h w"], wanted: Targets) -> tuple[Tensor, Tensor, Tensor]:
    """Of middles (focal, as in CenterNet), values (cross-entropy) and boxes (1 - generalised IoU), each a
    mean over digits or cells of digits."""
    maps = maps.float()
    logit, t = maps[:, 0], wanted.middle
    p = torch.sigmoid(logit)
    found = F.logsigmoid(logit) * (1 - p) ** 2 * (t == 1)
    empty = F.logsigmoid(-logit) * p**2 * (1 - t) ** 4 * (t < 1)
    middles = -(found.sum() + empty.sum()) / max(1, wanted.digits)
    total = wanted.weight.sum().clamp(min=1e-3)
    values = F.cross_entropy(maps[:, 1:11], wanted.value, reduction="none", label_smoothing=0.02)
    overlap = _generalised_iou(_boxes(maps[:, 11:]), wanted.box)
    return (
        middles,
        (values * wanted.weight).sum() / total,
        ((1 - overlap) * wanted.weight).sum() / total,
    )


def _boxes(distances: Float[Tensor, "n 4 h w"]) -> Float[Tensor, "n 4 h w"]:
    far = F.softplus(distances)
    rows, columns = torch.arange(far.shape[2])[:, None], torch.arange(far.shape[3])
    return torch.stack([columns - far[:, 0], rows - far[:, 1], columns + far[:, 2], rows + far[:, 3]], 1)


def _generalised_iou(a: Float[Tensor, "n 4 h w"], b: Float[Tensor, "n 4 h w"]) -> Float[Tensor, "n h w"]:
    def area(box: Tensor) -> Tensor:
        return (box[:, 2] - box[:, 0]).clamp(min=0) * (box[:, 3] - box[:, 1]).clamp(min=0)

    low, high = torch.maximum(a, b), torch.minimum(a, b)
    common = area(torch.cat([low[:, :2], high[:, 2:]], 1))
    hull = area(torch.cat([high[:, :2], low[:, 2:]], 1))
    union = area(a) + area(b) - common
    return common / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)
