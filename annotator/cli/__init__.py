"""The command line: `run` is what the `annotator` command starts."""


def run() -> None:
    """Run the command in `sys.argv` and leave with its exit code."""
    import sys

    from annotator.cli.main import main

    sys.exit(main(sys.argv[1:]))
