"""`python -m liantu.web VERB`: the processes of the web, as `liantu serve` and `liantu worker` start them."""

from __future__ import annotations

import argparse
import sys

from liantu import i18n
from liantu.i18n import gettext as _
from liantu.web.serve import BAD_INPUT, LOOPBACK, PORT, PortTakenError, serve


def main(args: list[str]) -> int:
    """Read the options and do what they say; the exit code."""
    options = _parser().parse_args(args)
    i18n.activate(i18n.detect(options.lang))
    if options.verb == "serve":
        try:
            return serve(options.city, options.host, options.port)
        except PortTakenError as error:
            print(_("Nothing can listen at %(address)s: %(reason)s") % error.params, file=sys.stderr)
            return BAD_INPUT
    from liantu.web import processes

    if options.verb == "prepare":
        return processes.prepare(options.city)
    if not options.alone:
        processes.end_with_parent()
    if options.verb == "web":
        return processes.web(options.host, options.port)
    return processes.worker(quick=options.quick)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m liantu.web", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in ("serve", "prepare", "web", "worker"):
        verb = verbs.add_parser(name)
        verb.add_argument("--lang", default=None)
        if name in ("serve", "prepare"):
            verb.add_argument("city", nargs="?", default=None)
        if name in ("serve", "web"):
            verb.add_argument("--host", default=LOOPBACK)
            verb.add_argument("--port", type=int, default=PORT)
        if name in ("web", "worker"):
            verb.add_argument("--alone", action="store_true", help="do not end with the standard input")
        if name == "worker":
            verb.add_argument("--quick", action="store_true", help="leave work of the background to others")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
