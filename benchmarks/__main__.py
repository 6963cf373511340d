"""``python -m benchmarks``: the same as ``python -m benchmarks.bench``."""

import sys

from .bench import main

if __name__ == "__main__":
    sys.exit(main())
