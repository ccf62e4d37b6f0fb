"""A tutorial's own way of training in PyTorch: python bench/tutorial_way.py RECIPE EPOCHS DATA.npz

A data set that makes a PIL image and a float tensor of every picture every time it is asked, a DataLoader,
float32, torch's optimiser classes, and the tutorial's habit of evaluating. See bench/training.py.
"""

import json
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, random_split

from shuzi.nets import build
from shuzi.training.decoding import to_logits
from shuzi.training.recipe import Recipe, load_recipe
from shuzi.training.samples import SCALES


class Pictures(Dataset):
    """What torchvision's MNIST with ToTensor and Normalize does for each picture."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, scale: str) -> None:
        self.images, self.labels = images, labels
        self.mean, self.deviation = SCALES[scale]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        picture = Image.fromarray(self.images[index])
        tensor = torch.from_numpy(np.array(picture)).view(1, 28, 28).contiguous().float().div(255)
        return (tensor - self.mean) / self.deviation, int(self.labels[index])


def optimiser_of(net: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    rate = recipe.optimiser.learning_rate
    if recipe.optimiser.kind == "sgd":
        return torch.optim.SGD(net.parameters(), lr=rate)
    if recipe.optimiser.kind == "rmsprop":
        return torch.optim.RMSprop(net.parameters(), lr=rate, alpha=0.9, eps=1e-7)
    return torch.optim.Adam(net.parameters(), lr=rate)


def accuracy(net: nn.Module, loader: DataLoader, recipe: Recipe) -> float:
    net.eval()
    right = 0
    with torch.no_grad():
        for pictures, labels in loader:
            right += int((to_logits(net(pictures), recipe.loss.decode).argmax(1) == labels).sum())
    net.train()
    return right / len(loader.dataset)


def main(name: str, epochs: int, path: str) -> None:
    recipe = load_recipe(name)
    data = np.load(path)
    train: Dataset = Pictures(data["x_train"], data["y_train"], recipe.data.scale)
    if recipe.data.train == "random-50000":
        train = random_split(train, [50_000, 10_000])[0]
    elif recipe.data.train == "first-50000":
        train = Subset(train, range(50_000))
    test = Pictures(data["x_test"], data["y_test"], recipe.data.scale)
    shuffle = recipe.data.shuffle != "never"
    loader = DataLoader(train, batch_size=recipe.optimiser.batch, shuffle=shuffle)
    test_loader = DataLoader(test, batch_size=recipe.optimiser.batch)
    everything = torch.from_numpy(data["x_test"]).unsqueeze(1).float() / 255

    start = time.perf_counter()
    torch.manual_seed(0)
    net = build(recipe.net)
    optimiser = optimiser_of(net, recipe)
    for _ in range(epochs):
        for step, (pictures, labels) in enumerate(loader):
            outputs = net(pictures)
            if recipe.loss.kind == "squared-error":
                loss = nn.functional.mse_loss(outputs.squeeze(1), labels.float())
            else:
                loss = nn.functional.cross_entropy(outputs, labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if name == "pytorch-cnn" and step % 100 == 0:
                # This tutorial scores all test pictures every 100 steps, with gradients on.
                float((net(everything).argmax(1).numpy() == data["y_test"]).mean())
        if name not in ("paddle-linear", "pytorch-cnn"):
            accuracy(net, test_loader, recipe)  # the others after every epoch; Paddle's never
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "accuracy": accuracy(net, test_loader, recipe)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
