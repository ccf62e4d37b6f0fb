"""Targets of the detector, its losses, and that it learns, is stopped, goes on and is exported."""

import numpy as np
import pytest
import torch

from shuzi.errors import WeightsError
from shuzi.models import is_detector, load_detector
from shuzi.nets.detector import Detector
from shuzi.training.detection import losses, targets
from shuzi.training.export_reader import ExportableReader, export_reader
from shuzi.training.reader import read_run

DIGITS = torch.tensor(
    [[0, 7, 8, 8, 22, 38], [0, 1, 26, 10, 31, 39], [1, 3, 40, 4, 61, 31]], dtype=torch.float32
)


def test_targets_are_highest_in_the_middle_of_each_digit():
    wanted = targets(DIGITS, 3, 64, 96)
    assert wanted.middle.shape == (3, 16, 24)
    peaks = (wanted.middle == 1).nonzero()
    assert len(peaks) == 3
    for scene, row, column in peaks.tolist():
        digit = next(
            d
            for d in DIGITS.tolist()
            if d[0] == scene and d[2] <= 4 * column + 2 <= d[4] and d[3] <= 4 * row + 2 <= d[5]
        )
        assert wanted.value[scene, row, column] == digit[1]
        assert ((wanted.box[scene, :, row, column] + 0.5) * 4).tolist() == pytest.approx(digit[2:])
    assert wanted.weight[2].sum() == 0


def test_losses_are_least_where_the_maps_are_right():
    wanted = targets(DIGITS, 3, 64, 96)
    maps = torch.zeros(3, 15, 16, 24)
    maps[:, 0] = torch.where(wanted.middle == 1, 9.0, -9.0)
    maps[:, 1:11] = 12 * torch.nn.functional.one_hot(wanted.value, 10).permute(0, 3, 1, 2)
    rows, columns = torch.arange(16)[:, None], torch.arange(24)
    place = torch.stack([columns + 0 * rows, rows + 0 * columns]).float()
    distances = torch.cat([place - wanted.box[:, :2], wanted.box[:, 2:] - place], 1).clamp(min=0.05)
    maps[:, 11:] = torch.log(torch.expm1(distances))
    right = [float(loss) for loss in losses(maps, wanted)]
    wrong = [float(loss) for loss in losses(torch.zeros_like(maps), wanted)]
    assert max(right) < 0.35
    assert all(r < w / 2 for r, w in zip(right, wrong, strict=True))
    assert all(np.isfinite(float(loss)) for loss in losses(maps, targets(DIGITS[:0], 3, 64, 96)))


def test_an_exported_detector_takes_pictures_of_any_size(tmp_path):
    torch.manual_seed(0)
    net = Detector(((8, 8), (8, 8), (8, 8)), head=8).eval()
    path = tmp_path / "tiny.onnx"
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 256, size, np.uint8) for size in ((64, 224), (16, 16), (128, 40))]
    assert export_reader(ExportableReader(net, 1.5), path, pictures).exported < 0.01
    assert is_detector(path)
    assert not is_detector("champion")
    assert load_detector(path).maps(pictures[2]).shape == (15, 32, 10)
    with pytest.raises(WeightsError, match="no detector"):
        load_detector(_classifier())


def _classifier():
    from shuzi.models import FOLDER

    return FOLDER / "champion.onnx"


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="train one first"):
        read_run(tmp_path)
