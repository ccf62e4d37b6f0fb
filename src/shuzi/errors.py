"""Every exception that a user of shuzi can meet.

Each message is one clear sentence that says what is wrong and how to cure it; the command line
prints it as it is, without a traceback, and exits with 1.
"""


class ShuziError(Exception):
    """The root of all errors that shuzi raises on purpose."""


class PictureError(ShuziError):
    """A picture can't be used: not an image, damaged, too large, or of a kind that isn't read."""


class TooLargeError(PictureError):
    """A picture holds more bytes, pixels or pages than are read."""


class FormatError(PictureError):
    """A file is not a picture, or of a kind that isn't read."""


class WeightsError(ShuziError):
    """A weights file can't be used: unknown name, damaged, too large, or not of the expected shape."""


class DataError(ShuziError):
    """A data set can't be had or doesn't hold what its format promises."""


class RecipeError(ShuziError):
    """A recipe is unknown, or a setting in it is missing, misspelt or out of range."""


class CheckpointError(ShuziError):
    """A checkpoint can't be written, or doesn't fit the net that it is loaded into."""


class TrainingError(ShuziError):
    """A training run can't go on, for example because its loss is no longer a number."""


class MissingExtraError(ShuziError, ImportError):
    """A feature needs packages that reading doesn't, for example torch: the message says which to install."""

    def __init__(self, feature: str, extra: str = "train") -> None:
        super().__init__(f'{feature} needs more packages: install them with `pip install "shuzi[{extra}]"`.')


class ServingError(ShuziError):
    """The server can't be started as it is asked to: its address, token or folder won't do."""


class ReadingError(ShuziError, ValueError):
    """What is asked of reading makes no sense: a length, pattern, check or threshold that can't be."""
