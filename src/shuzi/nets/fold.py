"""Batch normalisation folded into the convolutions before it: the same answers with fewer operations."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from shuzi.shapes import Float


def fold(net: nn.Module) -> None:
    """Fold each batch normalisation into the convolution before it; the net can't be trained further then."""
    for name, following in _normalised(net):
        layer, norm = net.get_submodule(name), net.get_submodule(following)
        assert isinstance(layer, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        net.set_submodule(name, fuse_conv_bn_eval(layer.eval(), norm.eval()))
        net.set_submodule(following, nn.Identity())


@torch.no_grad()
def unfold(folded: nn.Module, net: nn.Module, pictures: Float[Tensor, "n 1 h w"]) -> None:
    """Give `net`, in which nothing is folded, weights with which it answers as `folded` does.

    The means and variances of its batch normalisations become those of `pictures`, so that it can learn on.
    """
    seen: dict[str, tuple[Tensor, Tensor]] = {}

    def watch(name: str, _layer: nn.Module, _given: object, result: Tensor) -> None:
        seen[name] = torch.var_mean(result, (0, 2, 3))  # now: what follows writes over it

    pairs = _normalised(net)
    hooks = [folded.get_submodule(name).register_forward_hook(partial(watch, name)) for name, _ in pairs]
    folded.eval()(pictures)
    for hook in hooks:
        hook.remove()
    new, old = net.state_dict(), folded.state_dict()
    new.update({name: value for name, value in old.items() if name in new})
    for name, following in pairs:
        norm = net.get_submodule(following)
        assert isinstance(norm, nn.BatchNorm2d)
        variance, mean = seen[name]
        new[f"{following}.running_mean"] = mean - old[f"{name}.bias"]
        new[f"{following}.running_var"] = variance
        new[f"{following}.weight"] = torch.sqrt(variance + norm.eps)
        new[f"{following}.bias"] = mean
    net.load_state_dict(new)


def _normalised(net: nn.Module) -> list[tuple[str, str]]:
    """The names of all convolutions that batch normalisation follows, and of that."""
    pairs = []
    for place, layers in net.named_modules():
        if isinstance(layers, nn.Sequential):
            for (name, layer), (following, norm) in pairwise(layers.named_children()):
                if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                    pairs.append((f"{place}.{name}".lstrip("."), f"{place}.{following}".lstrip(".")))
    return pairs
