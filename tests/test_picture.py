"""The door for pictures: what comes in, what is refused, and that neither costs too much memory."""

import contextlib
import io
import os
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from shuzi.errors import FormatError, PictureError, TooLargeError
from shuzi.picture import FORMATS, MAX_BYTES, open_picture
from shuzi.pixels import WORKING_PIXELS

DARK, LIGHT = 30, 220
pillow_heif.register_heif_opener()  # so that Pillow writes HEIC


def corner_picture(mode="L"):
    """Wider than high, light, with a dark upper left corner: turning and mirroring show."""
    pixels = np.full((20, 30), LIGHT, np.uint8)
    pixels[:5, :10] = DARK
    return Image.fromarray(pixels).convert(mode)


def encoded(image, format="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def png_header(width, height, bit_depth=8, colour_type=0):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour_type, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def refusal(picture):
    """The sentence with which a picture is refused."""
    with pytest.raises(PictureError) as caught:
        open_picture(picture)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    "kind", ["path", "str", "bytes", "bytearray", "memoryview", "file", "image", "array"]
)
def test_every_kind_of_source_gives_the_same_picture(kind, tmp_path):
    data = encoded(corner_picture())
    path = tmp_path / "corner.png"
    path.write_bytes(data)
    source = {
        "path": path,
        "str": str(path),
        "bytes": data,
        "bytearray": bytearray(data),
        "memoryview": memoryview(data),
        "file": io.BytesIO(data),
        "image": corner_picture(),
        "array": np.asarray(corner_picture()),
    }[kind]
    opened = open_picture(source)
    assert (opened.width, opened.height, opened.page) == (30, 20, 1)
    assert opened.source == (str(path) if kind in ("path", "str") else None)
    assert opened.pixels.dtype == np.uint8
    np.testing.assert_array_equal(
        opened.pixels, np.repeat(np.asarray(corner_picture())[..., None], 3, axis=2)
    )


def test_an_open_file_keeps_its_name(tmp_path):
    path = tmp_path / "corner.png"
    path.write_bytes(encoded(corner_picture()))
    with path.open("rb") as file:
        assert open_picture(file).source == str(path)


@pytest.mark.parametrize("format", FORMATS)
def test_formats(format):
    mode = "L" if format in ("PNG", "TIFF", "GIF") else "RGB"
    opened = open_picture(encoded(corner_picture(mode), format))
    assert abs(int(opened.pixels[1, 1].mean()) - DARK) < 20
    assert abs(int(opened.pixels[15, 20].mean()) - LIGHT) < 20


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"]
)
def test_modes(mode):
    if mode == "I;16":
        image = Image.fromarray(np.asarray(corner_picture()).astype(np.uint16) * 257)
    else:
        image = corner_picture().convert("RGB").convert(mode) if mode == "HSV" else corner_picture(mode)
    pixels = open_picture(image).pixels.astype(int)
    assert pixels.shape == (20, 30, 3)
    assert pixels[15, 20].mean() - pixels[1, 1].mean() > 120


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_sixteen_bit_files_keep_the_contrast_of_the_bits_they_use(bits):
    values = np.asarray(corner_picture()).astype(np.uint16) << (bits - 8)
    pixels = open_picture(encoded(Image.fromarray(values))).pixels.astype(int)
    assert pixels[15, 20].mean() - pixels[1, 1].mean() > 120


def turned_picture(orientation):
    """How a camera held that way would have stored it: the inverse of what a viewer does."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = corner_picture("RGB")
    return upright.transpose(turns[orientation]) if orientation in turns else upright


def turned_exif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def heic_encoded(image, orientation=1):
    # pillow-heif turns what EXIF says into HEIC's own boxes, which alone count.
    image.info["exif"] = turned_exif(orientation).tobytes()
    return encoded(image, "HEIF", quality=95)


@pytest.mark.parametrize("format", sorted({"JPEG", "PNG", "TIFF", "WEBP", "AVIF"} & {*FORMATS}))
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(format, orientation):
    upright = corner_picture("RGB")
    opened = open_picture(encoded(turned_picture(orientation), format, exif=turned_exif(orientation)))
    assert (opened.width, opened.height) == (30, 20)
    assert opened.pixels.shape == (20, 30, 3)
    difference = opened.pixels.astype(int) - np.asarray(upright)
    assert np.abs(difference).mean() < 4  # JPEG, WebP and AVIF lose a little


@pytest.mark.parametrize("orientation", range(1, 9))
def test_heic_is_turned_as_its_boxes_say(orientation):
    jpeg = open_picture(encoded(turned_picture(orientation), "JPEG", exif=turned_exif(orientation)))
    heic = open_picture(heic_encoded(turned_picture(orientation), orientation))
    assert (heic.width, heic.height) == (jpeg.width, jpeg.height) == (30, 20)
    assert np.abs(heic.pixels.astype(int) - jpeg.pixels).mean() < 4


def test_a_large_heic_photograph_is_reduced_and_its_size_remembered():
    opened = open_picture(heic_encoded(corner_picture("RGB").resize((1800, 1200))))
    assert (opened.width, opened.height) == (1800, 1200)
    assert opened.pixels.shape[0] * opened.pixels.shape[1] <= WORKING_PIXELS
    assert abs(int(opened.pixels[10, 10].mean()) - DARK) < 5


def test_damaged_heic_is_refused():
    data = heic_encoded(corner_picture("RGB").resize((300, 200)))
    for end in (16, 24, 60, 300, len(data) - 40):
        with pytest.raises(PictureError, match=r"not a picture|damaged"):
            open_picture(data[:end])
    size = data.index(b"ispe") + 8
    with pytest.raises(PictureError):  # what it says of its size is small, what it holds is not
        open_picture(data[:size] + (16).to_bytes(4, "big") * 2 + data[size + 8 :])
    with pytest.raises(TooLargeError, match="40000 x 200 pixels"):
        open_picture(data[:size] + (40_000).to_bytes(4, "big") + data[size + 4 :])


def test_heic_without_its_package_names_it(monkeypatch):
    data = heic_encoded(corner_picture("RGB"))
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(PictureError, match=r'pip install "shuzi\[heic\]"'):
        open_picture(data)
    with pytest.raises(FormatError, match="not a picture"):  # the same container, but AVIF
        open_picture(data.replace(b"heic", b"avif", 1))


@pytest.mark.parametrize(("ink", "paper"), [((0, 0, 0), 255), ((90, 40, 200), 255), ((255, 255, 240), 0)])
def test_ink_on_nothing_gets_paper_that_it_stands_out_from(ink, paper):
    rgba = np.zeros((20, 20, 4), np.uint8)
    rgba[5:15, 9:12] = (*ink, 255)
    pixels = open_picture(rgba).pixels
    assert (pixels[0, 0] == paper).all()
    assert tuple(pixels[10, 10]) == ink


def test_a_piece_of_paper_on_nothing_goes_on():
    rgba = np.zeros((60, 60, 4), np.uint8)
    rgba[20:40, 20:50] = (250, 240, 230, 255)
    rgba[25:35, 30:33, :3] = 20
    pixels = open_picture(rgba).pixels
    assert (pixels[0, 0] == (250, 240, 230)).all()
    assert (pixels[30, 31] == 20).all()


def test_all_transparent_is_blank():
    assert (open_picture(np.zeros((20, 20, 4), np.uint8)).pixels == 255).all()


def test_palette_with_transparency():
    image = corner_picture().quantize(4)
    data = encoded(image, "PNG", transparency=int(np.asarray(image)[15, 20]))
    pixels = open_picture(data).pixels
    assert (pixels[15, 20] == 255).all()
    assert abs(int(pixels[1, 1].mean()) - DARK) < 5


@pytest.mark.parametrize(
    ("dtype", "scale"),
    [(bool, None), (np.uint8, 1), (np.int64, 1), (np.uint16, 257), (np.float32, 1 / 255), (np.float64, 1)],
)
def test_arrays_of_any_number_type(dtype, scale):
    grey = np.asarray(corner_picture())
    array = grey > 128 if scale is None else (grey * np.float64(scale)).astype(dtype)
    pixels = open_picture(array).pixels.astype(int)
    assert pixels[15, 20].mean() - pixels[1, 1].mean() > 180


def test_arrays_with_one_channel_and_with_four():
    grey = np.asarray(corner_picture())
    np.testing.assert_array_equal(open_picture(grey[..., None]).pixels, open_picture(grey).pixels)
    rgba = np.dstack([grey] * 3 + [np.full_like(grey, 255)])
    np.testing.assert_array_equal(open_picture(rgba).pixels, open_picture(grey).pixels)


def test_the_caller_keeps_arrays_and_images_as_they_are():
    array = np.asarray(corner_picture()).copy()
    opened = open_picture(array)
    assert not np.shares_memory(opened.pixels, array)
    with pytest.raises(ValueError, match="read-only"):
        opened.pixels[:] = 7
    assert array[0, 0] == DARK
    image = Image.open(io.BytesIO(encoded(Image.new("RGB", (4000, 3000)), "JPEG")))
    open_picture(image)
    assert image.size == (4000, 3000)


def test_the_first_frame_of_an_animation():
    frames = [corner_picture(), Image.new("L", (30, 20), 128)]
    for format in sorted({"GIF", "PNG", "WEBP", "AVIF"} & {*FORMATS}):
        data = encoded(
            frames[0].convert("RGB"), format, save_all=True, append_images=[frames[1].convert("RGB")]
        )
        pixels = open_picture(data).pixels
        assert pixels[1, 1].mean() < 60 < 180 < pixels[15, 20].mean()


def test_a_large_picture_is_reduced_and_its_size_remembered():
    for format in ("JPEG", "PNG"):
        opened = open_picture(encoded(corner_picture("RGB").resize((4500, 3000)), format))
        assert (opened.width, opened.height) == (4500, 3000)
        height, width = opened.pixels.shape[:2]
        assert WORKING_PIXELS / 2 < height * width <= WORKING_PIXELS
        assert abs(width / height - 1.5) < 0.01
        assert abs(int(opened.pixels[10, 10].mean()) - DARK) < 5


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (b"", "empty"),
        (b"hello, I am text", "not a picture"),
        (b"%PDF-1.7 and so on", "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "not a picture"),
        (encoded(corner_picture())[:60], "damaged"),
        (encoded(corner_picture("RGB").resize((300, 200)), "JPEG")[:900], "damaged"),
        (encoded(Image.new("L", (1, 1))), "1 x 1 pixels, too small"),
        (np.zeros((1, 1), np.uint8), "too small"),
        (np.zeros((0, 30), np.uint8), "too small"),
        (np.zeros((7, 7, 3), np.uint8), "too small"),
        (png_header(50_000, 40), "50000 x 40 pixels, more than"),
        (png_header(50_000, 50_000), "more than 64 million"),
        (png_header(9_000, 9_000), "more than"),
        (np.broadcast_to(np.uint8(0), (50_000, 50_000)), "more than"),
        (np.full((20, 20), np.nan), "NaN"),
        (np.full((20, 20), np.inf, np.float32), "NaN or infinite"),
        (np.full((20, 20), -1.0), "from -1 to -1"),
        (np.full((20, 20), 300.0), "from 300 to 300"),
        (np.full((20, 20), -3), "from -3 to -3"),
        (np.full((20, 20), "x"), "made of numbers"),
        (np.full((20, 20), None), "made of numbers"),
        (np.full((20, 20), 1j), "made of numbers"),
        (np.zeros((20,), np.uint8), "shape (H, W)"),
        (np.zeros((3, 20, 20), np.uint8), "channels last"),
        (np.zeros((2, 20, 20, 3), np.uint8), "shape (H, W)"),
        (io.StringIO("text"), "binary mode"),
        (42, "not int"),
        (None, "not NoneType"),
        ("no such file.png", "There is no file"),
        ("nul\0character.png", "can't be opened"),
        (os.curdir, "is a folder"),
    ],
)
def test_refusals(picture, words):
    assert words in refusal(picture)


def test_other_formats_are_not_even_tried():
    assert "save it as PNG" in refusal(encoded(corner_picture("RGB"), "TGA"))
    assert "save it as PNG" in refusal(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n")


def test_a_tiff_of_several_pages_is_refused_rather_than_read_in_part():
    pages = [corner_picture(), corner_picture()]
    assert "several pages" in refusal(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))


def test_a_file_that_is_too_large_is_not_read_on(tmp_path):
    path = tmp_path / "endless.png"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "over 100 MiB" in refusal(path)
    assert "over 100 MiB" in refusal(Path("/dev/zero"))


def test_a_long_name_or_no_permission():
    assert "can't be opened" in refusal("x" * 5000 + ".png")


def test_warnings_stay_inside():
    image = corner_picture().convert("RGB").quantize(8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert open_picture(encoded(image, "PNG", transparency=bytes(range(8))))
        assert refusal(png_header(12_000, 8_000))  # between Pillow's warning and its error


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(FORMATS), st.data())
def test_damaged_files_never_crash(noise, format, data):
    good = encoded(corner_picture("RGB"), format)
    at = data.draw(st.integers(0, len(good)))
    damaged = good[:at] + noise + good[at + len(noise) :]
    with contextlib.suppress(PictureError):
        assert open_picture(damaged).pixels.ndim == 3


@settings(deadline=None, max_examples=60)
@given(arrays.arrays(arrays.scalar_dtypes(), arrays.array_shapes(min_dims=1, max_dims=4, max_side=12)))
def test_any_array_is_opened_or_refused(array):
    try:
        opened = open_picture(array)
    except PictureError:
        return
    assert opened.pixels.shape == (*array.shape[:2], 3)


def peak_mebibytes(code):
    """What a process that runs `code` needs more than one that only opens a small picture."""

    def peak(code):
        program = (
            "import io, resource, numpy as np\nfrom PIL import Image\n"
            "from shuzi.errors import PictureError\nfrom shuzi.picture import open_picture\n"
            "open_picture(np.zeros((20, 20), np.uint8))\n"
            f"{code}\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
        )
        kept = {name: value for name, value in os.environ.items() if name != "SHUZI_CHECK_SHAPES"}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=kept)
        assert done.returncode == 0, done.stderr
        return float(done.stdout)

    return peak(code) - peak("")


def test_memory_of_a_photo_is_bounded(tmp_path):
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (8000, 6000), (200, 190, 180)).save(path, "JPEG")
    assert peak_mebibytes(f"assert open_picture({str(path)!r}).width == 8000") < 64  # 137 MiB, decoded whole


def test_memory_of_a_bomb_is_bounded(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(50_000, 50_000, bit_depth=1))
    attempt = f"open_picture({str(path)!r})"
    code = f"try:\n    {attempt}\nexcept PictureError:\n    pass\nelse:\n    raise SystemExit(1)"
    assert peak_mebibytes(code) < 16


def test_memory_of_the_largest_picture_is_bounded(tmp_path):
    path = tmp_path / "large.png"
    Image.new("RGB", (8000, 8000), (200, 190, 180)).save(path, "PNG", compress_level=1)
    assert peak_mebibytes(f"open_picture({str(path)!r})") < 400
