"""`python -m liantu.web DIR`: the server in a process of its own, as `liantu serve` starts it."""

from __future__ import annotations

import argparse
import sys

from liantu import i18n
from liantu.i18n import gettext as _
from liantu.web.serve import BAD_INPUT, LOOPBACK, PORT, PortTakenError, serve


def main(args: list[str]) -> int:
    """Read the options and serve; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m liantu.web", description=__doc__)
    parser.add_argument("directory")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--lang", default=None)
    options = parser.parse_args(args)
    i18n.activate(i18n.detect(options.lang))
    try:
        return serve(options.directory, options.host, options.port)
    except PortTakenError as error:
        print(_("Nothing can listen at %(address)s: %(reason)s") % error.params, file=sys.stderr)
        return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
