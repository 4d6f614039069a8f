"""What the tests of this folder share."""

import os
import pathlib
import tempfile
from collections.abc import Callable

SEED = pathlib.Path(__file__).parents[1] / "fixtures" / "zengcheng-civil-affairs-declaration.txt"
DEPARTMENT = ["--department", "440118001", "--department-name", "广州市增城区民政局", "--jurisdiction", "440118", "--jurisdiction-name", "增城区"]


def in_a_folder_of_its_own(main: Callable[[], None]) -> None:
    """Runs it where nothing is, without anybody's settings."""
    with tempfile.TemporaryDirectory(prefix="jixiao-office-") as folder:
        os.chdir(folder)
        for name in [name for name in os.environ if name.startswith("JIXIAO_")]:
            del os.environ[name]
        os.environ["JIXIAO_LOG_FILTER"] = "warn"
        main()
