"""Settings for the whole suite: every annotated array shape is checked while the tests run."""

import os

os.environ["SHUZI_CHECK_SHAPES"] = "1"

from jaxtyping import install_import_hook

install_import_hook("shuzi", "beartype.beartype")
