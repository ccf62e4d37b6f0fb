"""Array types that carry their shape, such as ``UInt8[np.ndarray, "n 28 28"]``.

They are jaxtyping's. The test suite sets ``SHUZI_CHECK_SHAPES`` and checks every signature as it runs;
everyone else gets the plain array type, because importing jaxtyping would double the start-up time of
`shuzi read`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or os.environ.get("SHUZI_CHECK_SHAPES"):
    from jaxtyping import Bool, Float, Float32, Int64, Shaped, UInt8
else:

    class _Unchecked:
        """Stands in for a jaxtyping type: ``_Unchecked[array_type, shape]`` is ``array_type``."""

        def __class_getitem__(cls, item: tuple[Any, str]) -> Any:
            return item[0]

    Bool = Float = Float32 = Int64 = Shaped = UInt8 = _Unchecked

__all__ = ["Bool", "Float", "Float32", "Int64", "Shaped", "UInt8"]
