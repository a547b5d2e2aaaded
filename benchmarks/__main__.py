"""`python -m benchmarks [--quick]` runs every benchmark, one after the other."""

import sys

from benchmarks import keys, start

if __name__ == "__main__":
    arguments = sys.argv[1:]
    failed = [module.main(arguments) for module in (start, keys)]
    sys.exit(max(failed))
