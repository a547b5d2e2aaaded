"""`python -m benchmarks [--quick]` runs what is told beside other programs, one after the other."""

import sys

from benchmarks import keys, start
from benchmarks.keystrokes import __main__ as keystrokes
from benchmarks.suggestions import __main__ as suggestions

if __name__ == "__main__":
    arguments = sys.argv[1:]
    failed = [module.main(arguments) for module in (start, keys)]
    quick = [each for each in arguments if each == "--quick"]
    failed += [keystrokes.main(quick), suggestions.main(["all", *quick])]
    sys.exit(max(failed))
