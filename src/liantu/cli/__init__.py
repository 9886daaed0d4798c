"""The command line: reads options, calls a use case, prints what came of it.

stdout holds data alone; what is said to people about the run goes to stderr. Errors become exit codes
in one place, `entry.run`.
"""

from liantu.cli import administration, figures, serving
from liantu.cli.commands import app
from liantu.cli.entry import main

__all__ = ["administration", "app", "figures", "main", "serving"]
