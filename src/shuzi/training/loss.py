"""What a net should answer to the pictures of a step, and how far off it is."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from shuzi.data.extra import NO_DIGIT
from shuzi.errors import RecipeError
from shuzi.nets.fold import fold
from shuzi.shapes import Bool, Float, Float32, Int64
from shuzi.training.decoding import to_logits
from shuzi.training.folder import read_run
from shuzi.training.precision import autocast, prefer_channels_last
from shuzi.training.recipe import LossSettings, TeacherSettings
from shuzi.training.samples import scaled


def loss(
    outputs: Float[Tensor, "n _"] | Float[Tensor, "n _ _"],
    wanted: Int64[Tensor, " n"] | Float32[Tensor, "n 10"],
    settings: LossSettings,
) -> Float32[Tensor, ""]:
    """The mean loss of a net's outputs, where ``wanted`` are labels 0..9 or the probability of each digit.

    Outputs of several branches, (n, branches, 10), count each for itself.
    """
    outputs = outputs.float()
    if settings.kind == "squared-error":
        return F.mse_loss(outputs.squeeze(1), wanted.float())
    if outputs.dim() == 3:
        wanted = wanted.repeat_interleave(outputs.shape[1], dim=0)
        outputs = outputs.flatten(0, 1)
    return F.cross_entropy(outputs, wanted, label_smoothing=settings.label_smoothing)


def chances(labels: Int64[Tensor, " n"]) -> Float32[Tensor, "n 10"]:
    """Labels as the probability of each digit: of what is no digit all are equally unlikely."""
    result = torch.full((len(labels), 10), 0.1)
    digits = (labels != NO_DIGIT).nonzero().squeeze(1)
    result[digits] = F.one_hot(labels[digits], 10).float()
    return result


class Teacher:
    """A trained net whose answers a recipe's net learns besides the labels (Hinton 2015)."""

    def __init__(self, settings: TeacherSettings) -> None:
        if not settings.run:
            raise RecipeError(
                f"This recipe learns from a teacher: run `shuzi train {settings.recipe} --out FOLDER` first, "
                "then give it --set teacher.run=FOLDER."
            )
        self.net, self.recipe, _ = read_run(Path(settings.run))
        if self.recipe.name != settings.recipe:
            raise RecipeError(
                f"teacher.run = {settings.run} was trained by {self.recipe.name}: name a run of "
                f"{settings.recipe}, or change teacher.recipe."
            )
        fold(self.net)
        prefer_channels_last(self.net)
        self.share = settings.share

    @torch.no_grad()
    def blend(
        self,
        wanted: Float32[Tensor, "n 10"],
        pictures: Float32[Tensor, "n 1 28 28"],
        known: Bool[Tensor, " n"],
    ) -> Float32[Tensor, "n 10"]:
        """What is wanted, and a share of what the teacher answers instead, of the ``known`` pictures only.

        ``pictures`` are pixels 0 to 1 as they were before anything disguised them.
        """
        asked = known.nonzero().squeeze(1)
        with autocast(self.recipe.precision):
            outputs = self.net(scaled(pictures[asked], self.recipe.data.scale))
        answers = to_logits(outputs.float(), self.recipe.loss.decode).softmax(dim=1)
        result = wanted.clone()
        result[asked] = result[asked].lerp(answers, self.share)
        return result
