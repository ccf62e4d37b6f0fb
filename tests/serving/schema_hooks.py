"""What schemathesis can't know of the API: what a picture is. It loads this as its hooks."""

from pathlib import Path

import schemathesis
from hypothesis import strategies as st

_EXAMPLES = Path(__file__).parents[2] / "examples"
_PICTURES = st.sampled_from(
    [(_EXAMPLES / name).read_bytes() for name in ("digit.png", "pad.png", "photo.jpg")]
)

for _kind in ("png", "jpeg", "webp", "avif", "tiff", "gif", "bmp", "heic", "*"):
    schemathesis.openapi.media_type(f"image/{_kind}", _PICTURES)
schemathesis.openapi.media_type("application/pdf", _PICTURES)
