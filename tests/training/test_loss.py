"""What a net should answer, how far off it is, and what it learns from a teacher."""

import pytest
import torch
import torch.nn.functional as F

from shuzi.data.extra import NO_DIGIT
from shuzi.errors import CheckpointError, RecipeError
from shuzi.nets import build
from shuzi.training.loss import Teacher, chances, loss
from shuzi.training.recipe import LossSettings, TeacherSettings, load_recipe
from shuzi.training.trainer import train


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """A net that was trained for a moment, and where."""
    folder = tmp_path_factory.mktemp("runs") / "teacher"
    return train(load_recipe("blink", ["schedule.epochs=0.05"]), out=folder)


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
        ({"branches": [{"kind": "plain", "kernel": 5}]}, "plain net has no setting 'kernel'"),
        ({"branches": []}, "one at least"),
        ({"branches": ["plain"]}, "one at least"),
        ({}, "one at least"),
    ],
)
def test_branches_that_can_not_be_built_are_refused(settings, message):
    with pytest.raises(RecipeError, match=message):
        build({"kind": "branches"} | settings)


def test_the_teacher_is_asked_about_the_known_pictures_only(taught):
    teacher = Teacher(TeacherSettings("blink", str(taught.folder), share=0.5))
    pictures, wanted = torch.rand(6, 1, 28, 28), chances(torch.arange(6))
    known = torch.arange(6) % 2 == 0
    blended = teacher.blend(wanted, pictures, known)
    assert torch.equal(blended[~known], wanted[~known])
    answers = taught.net(pictures[known]).softmax(1)
    assert torch.allclose(blended[known], (wanted[known] + answers) / 2, atol=0.02)  # bfloat16


def test_a_net_learns_from_its_teacher(taught):
    settings = ["schedule.epochs=0.02", "augment.shift=1.0", "teacher.recipe=blink"]
    alone = train(load_recipe("blink", settings[:2]))
    pupil = train(load_recipe("blink", [*settings, f"teacher.run={taught.folder}"]))
    first = [run.net.state_dict()["out.weight"] for run in (alone, pupil)]
    assert not torch.equal(*first)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (["augment.shift=1"], RecipeError, "run `shuzi train blink --out FOLDER` first"),
        (["augment.shift=1", "teacher.run=nowhere"], CheckpointError, "nowhere"),
        (["teacher.run={run}"], RecipeError, r"give the recipe some \[augment\]"),
        (["augment.shift=1", "teacher.run={run}", "teacher.recipe=minute"], RecipeError, "trained by blink"),
    ],
)
def test_a_teacher_that_can_not_teach_is_refused(taught, settings, error, message):
    settings = ["teacher.recipe=blink", *(setting.format(run=taught.folder) for setting in settings)]
    with pytest.raises(error, match=message):
        train(load_recipe("blink", settings))
