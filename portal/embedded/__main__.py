"""Command line: `python -m portal.embedded run` and `python -m portal.embedded exec -- COMMAND`."""

import argparse
import os
import sys
from pathlib import Path

from portal.embedded.errors import Trouble

BASE = Path(__file__).resolve().parent.parent.parent


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="start the whole portal until Ctrl-C")
    once = verbs.add_parser("exec", help="run one command against throwaway servers")
    once.add_argument("--data-dir", type=Path, default=BASE / "var" / "test", help="default: var/test")
    once.add_argument("command", nargs=argparse.REMAINDER, help="the command, after --")
    return parser


def main() -> int:
    """Do what was asked; trouble is one sentence on standard error and exit code 1."""
    parser = _parser()
    options = parser.parse_args()
    try:
        if options.verb == "run":
            from portal.embedded.run import run

            return run(Path(os.environ.get("DATA_DIR") or BASE / "var"))
        command = options.command[1:] if options.command[:1] == ["--"] else options.command
        if not command:
            parser.error("exec needs a command, after --")
        from portal.embedded.execute import execute

        return execute(command, options.data_dir)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
