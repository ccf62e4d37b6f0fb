"""What a net should answer, and how far off it is."""

import pytest
import torch
import torch.nn.functional as F

from shuzi.data.extra import NO_DIGIT
from shuzi.errors import RecipeError
from shuzi.nets import build
from shuzi.training.loss import chances, loss
from shuzi.training.recipe import LossSettings


def test_no_digit_makes_all_equally_likely():
    assert chances(torch.tensor([3, NO_DIGIT])).tolist() == [
        [0.0] * 3 + [1.0] + [0.0] * 6,
        [float(torch.tensor(0.1))] * 10,
    ]


def test_labels_and_their_chances_cost_the_same():
    outputs, labels = torch.randn(8, 10), torch.arange(8)
    settings = LossSettings(label_smoothing=0.1)
    assert loss(outputs, chances(labels), settings) == pytest.approx(float(loss(outputs, labels, settings)))


def test_every_branch_counts_for_itself():
    outputs, labels = torch.randn(8, 3, 10), torch.arange(8)
    alone = [float(F.cross_entropy(outputs[:, branch], labels)) for branch in range(3)]
    assert float(loss(outputs, labels, LossSettings())) == pytest.approx(sum(alone) / 3, rel=1e-5)


def test_branches_answer_together():
    plain = {"kind": "plain", "stages": [[4]]}
    net = build({"kind": "branches", "branches": [plain | {"space_to_depth": True}, plain]})
    pictures = torch.rand(5, 1, 28, 28)
    assert net(pictures).shape == (5, 2, 10)
    net.eval()
    alone = [branch(pictures) for branch in net.branches]
    assert torch.allclose(net(pictures), (alone[0] + alone[1]) / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"branches": [{"kind": "plain", "stride": 2}]}, "plain net has no setting 'stride'"),
        ({"branches": [{"kind": "plain", "kernel": 4}]}, "net.kernel = 4 must be odd"),
        ({"branches": []}, "one at least"),
        ({"branches": ["plain"]}, "one at least"),
        ({}, "one at least"),
    ],
)
def test_branches_that_can_not_be_built_are_refused(settings, message):
    with pytest.raises(RecipeError, match=message):
        build({"kind": "branches"} | settings)
