"""`python -m benchmarks [--quick]` runs every benchmark, one after the other."""

import sys

from benchmarks import keys, start
from benchmarks.keystrokes import __main__ as keystrokes

if __name__ == "__main__":
    arguments = sys.argv[1:]
    failed = [module.main(arguments) for module in (start, keys)]
    failed.append(keystrokes.main([each for each in arguments if each == "--quick"]))
    sys.exit(max(failed))
