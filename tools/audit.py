"""Asks for known vulnerabilities of what liantu ships, and says so where nothing answers.

Without a network this can't be known; then the line says that it was skipped and the check
passes. A vulnerability that was found fails it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300
NO_NETWORK = ("ConnectionError", "ProxyError", "Timeout", "NameResolutionError", "SSLError", "ServiceError")


def verdict(report: dict[str, Any]) -> tuple[bool, list[str]]:
    """Whether the report of pip-audit is clean, and the lines that say why."""
    dependencies = report["dependencies"]
    audited = [d for d in dependencies if "skip_reason" not in d]
    if not audited:
        return True, ["audit skipped: the vulnerability service knows none of the packages from here"]
    lines = [
        f"{d['name']} {d['version']}: {v['id']}, mended in {', '.join(v['fix_versions']) or 'no release yet'}"
        for d in audited
        for v in d["vulns"]
    ]
    if lines:
        return False, lines
    return True, [f"audit: {len(audited)} of {len(dependencies)} packages, no known vulnerability"]


def main() -> int:
    """Runs pip-audit over requirements.lock."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
        command += ["--progress-spinner", "off", "-r", str(ROOT / "requirements.lock")]
        command += ["--format", "json", "--output", str(file)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            print(f"audit skipped: the vulnerability service gave no answer in {SECONDS} s")
            return 0
        if not file.exists():
            if any(name in done.stderr for name in NO_NETWORK):
                print("audit skipped: the vulnerability service can't be reached")
                return 0
            print(done.stderr, file=sys.stderr)
            return 1
        clean, lines = verdict(json.loads(file.read_text(encoding="utf-8")))
    print("\n".join(lines))
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
