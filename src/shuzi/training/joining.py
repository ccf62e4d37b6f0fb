"""Several trained nets as one, which answers with the mean of their logits."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Sequence

from torch import nn

from shuzi.errors import RecipeError
from shuzi.nets.branches import Branches
from shuzi.training.recipe import Recipe


def join(parts: Sequence[tuple[nn.Module, Recipe]]) -> tuple[nn.Module, Recipe]:
    """One net of several, and the recipe that says what it takes and gives; one part stays as it is.

    Each part has one vote, however many branches of its own. Digits that the parts left out for validation
    are left out by all, or the joined net has none: then its temperature is the mean of theirs. Raises
    `RecipeError` for parts that don't take the same pictures or don't answer in logits.
    """
    nets, recipes = zip(*parts, strict=True)
    if len(parts) == 1:
        return nets[0], recipes[0]
    first, *others = recipes
    for recipe in recipes:
        if recipe.loss.decode != "class":
            raise RecipeError(f"{recipe.name} answers with a value, not with logits: it can't be joined.")
    for recipe in others:
        if (recipe.data.source, recipe.data.scale) != (first.data.source, first.data.scale):
            raise RecipeError(
                f"{recipe.name} and {first.name} take other pictures: join runs of the same data and scale."
            )
    seen = {recipe.data.train for recipe in recipes}
    return Branches(nets).eval(), dataclasses.replace(
        first,
        name="+".join(recipe.name for recipe in recipes),
        title=f"{len(parts)} nets that answer together",
        net={"kind": "branches", "branches": [recipe.net for recipe in recipes]},
        data=first.data if len(seen) == 1 else dataclasses.replace(first.data, train="train"),
        temperature=statistics.mean(recipe.temperature for recipe in recipes),
    )
