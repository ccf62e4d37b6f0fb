"""A run's figures over time: as a picture, and as TensorBoard events."""

from __future__ import annotations

import io
from pathlib import Path

from shuzi.errors import MissingExtraError
from shuzi.training.state import Row


def draw(history: list[Row], title: str) -> bytes:
    """Loss and validation accuracy by epoch, side by side, as a PNG file's bytes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    epochs = [row["epoch"] for row in history]
    left.plot(epochs, [row["loss"] for row in history], "o-", label="training loss")
    validated = [row for row in history if row["validation_accuracy"] is not None]
    if validated:
        epochs = [row["epoch"] for row in validated]
        left.plot(epochs, [row["validation_loss"] for row in validated], "s--", label="validation loss")
        right.plot(epochs, [100 * row["validation_accuracy"] for row in validated], "s--", color="C1")
        right.set(title="validation accuracy", xlabel="epoch", ylabel="%")
    else:
        right.set_axis_off()
        right.text(0.5, 0.5, "this recipe leaves no\nvalidation pictures", ha="center", va="center")
    left.set(title=title, xlabel="epoch", ylabel="loss", yscale="log")
    left.legend()
    for axes in (left, right):
        axes.grid(alpha=0.3)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()


class Events:
    """TensorBoard scalars of every epoch, written as it ends; `tensorboard --logdir FOLDER` shows them."""

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise MissingExtraError("--tensorboard", "tensorboard") from error
        self._writer = SummaryWriter(str(folder))

    def write(self, row: Row) -> None:
        """Add one epoch's figures."""
        for name, value in row.items():
            if name not in ("epoch", "step") and value is not None:
                self._writer.add_scalar(name, value, row["step"])
        self._writer.flush()

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
