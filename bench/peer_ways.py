"""One peer's way of learning MNIST, timed: python bench/peer_ways.py NAME SECONDS (see bench/peers.py).

After every stretch of training the net is scored on the test set, which costs no training time. The last line
is JSON: a list of [training seconds, test accuracy].
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset

from shuzi.data.mnist import load_mnist

LOOK_EVERY = 100  # steps between two scores of a torch peer


class Pictures(Dataset):
    """MNIST as torchvision gives it: PIL pictures, made tensors and normalised at each request."""

    def __init__(self, mean: float, deviation: float) -> None:
        self.images, self.labels = load_mnist("train")
        self.mean, self.deviation = mean, deviation

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        pixels = np.array(Image.fromarray(self.images[index]))
        tensor = torch.from_numpy(pixels).view(1, 28, 28).float().div(255)
        return (tensor - self.mean) / self.deviation, int(self.labels[index])


def torch_way(
    net: nn.Module,
    optimiser: torch.optim.Optimizer,
    batch: int,
    scale: tuple[float, float],
    after_epoch: Callable[[], object],
) -> Iterator[tuple[float, float]]:
    """Train with a DataLoader, as examples do, for ever; give seconds and test accuracy now and then."""
    images, labels = load_mnist("test")
    test = ((torch.tensor(images).unsqueeze(1).float() / 255) - scale[0]) / scale[1]
    answers = torch.tensor(labels)
    loader = DataLoader(Pictures(*scale), batch_size=batch, shuffle=True)
    seconds = 0.0
    while True:
        start = time.perf_counter()
        for step, (pictures, targets) in enumerate(loader, start=1):
            optimiser.zero_grad()
            F.cross_entropy(net(pictures), targets).backward()
            optimiser.step()
            if step % LOOK_EVERY == 0 or step == len(loader):
                seconds += time.perf_counter() - start
                net.eval()
                with torch.no_grad():
                    found = torch.cat([net(part).argmax(1) for part in test.split(1000)])
                net.train()
                yield seconds, float((found == answers).float().mean())
                start = time.perf_counter()
        after_epoch()


def pytorch_example() -> Iterator[tuple[float, float]]:
    """PyTorch's examples/mnist: two convolutions, 1.2 million parameters, Adadelta, rate x0.7 an epoch."""
    layers = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Dropout(0.25), nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5)]
    net = nn.Sequential(*layers, nn.Linear(128, 10))
    optimiser = torch.optim.Adadelta(net.parameters(), lr=1.0)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, step_size=1, gamma=0.7)
    return torch_way(net, optimiser, 64, (0.1307, 0.3081), schedule.step)


def keras_convnet() -> Iterator[tuple[float, float]]:
    """Keras's mnist_convnet, in torch: two convolutions with pooling, dropout, Adam, batch 128."""
    layers = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU()]
    layers += [nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10)]
    net = nn.Sequential(*layers)
    return torch_way(net, torch.optim.Adam(net.parameters(), lr=1e-3), 128, (0.0, 1.0), lambda: None)


def scikit(kind: str) -> Iterator[tuple[float, float]]:
    """scikit-learn's classifiers as they come, on pixels in [0, 1]."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import SVC

    (images, labels), (test, answers) = load_mnist("train"), load_mnist("test")
    model = MLPClassifier() if kind == "MLPClassifier" else SVC()
    start = time.perf_counter()
    model.fit(images.reshape(-1, 784) / 255, labels)
    seconds = time.perf_counter() - start
    yield seconds, float(model.score(test.reshape(-1, 784) / 255, answers))


def shuzi(recipe: str) -> Iterator[tuple[float, float]]:
    """A recipe of ours, from data in memory to trained net."""
    from shuzi.evaluation.evaluate import score_net
    from shuzi.training.trainer import train

    for seed in range(5):
        run = train(recipe, seed=seed)
        yield run.seconds, score_net(run.net, run.recipe).accuracy


WAYS: dict[str, Callable[[], Iterator[tuple[float, float]]]] = {
    "shuzi blink": lambda: shuzi("blink"),
    "PyTorch's example": pytorch_example,
    "Keras's convnet in torch": keras_convnet,
    "scikit-learn MLPClassifier": lambda: scikit("MLPClassifier"),
    "scikit-learn SVC": lambda: scikit("SVC"),
}


def main(name: str, most: float) -> None:
    torch.manual_seed(0)
    scores: list[tuple[float, float]] = []
    for seconds, accuracy in WAYS[name]():
        scores.append((seconds, accuracy))
        if not name.startswith("shuzi") and (seconds > most or accuracy >= 0.99):
            break
    print(json.dumps(scores))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
