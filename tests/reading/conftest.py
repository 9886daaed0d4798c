"""The scoring script is shared with the benchmark."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "reading"))
