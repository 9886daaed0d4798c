"""The engine's own records <-> bytes: a plan by the values of its solver, a report field by field.

A plan is read again from the tables, the scenario and the primal and dual values, without solving; what it
says then must be what was stored.
"""

from __future__ import annotations

import io
import json
import math
import zlib
from typing import Any, TypeVar

import msgspec
import numpy as np

from liantu.chain.keys import SHIP
from liantu.chain.model import build_model
from liantu.chain.network import Network
from liantu.chain.pairs import Pairs
from liantu.chain.plan import Plan, read_plan
from liantu.chain.scenario import Scenario
from liantu.chain.solve import Solution
from liantu.errors import LiantuError

FORMAT = 1
SAME = 1e-9  # relative: sums may run in another order on another machine
ARRAYS = ("x", "row_dual", "reduced", "basic", "row_basic")
T = TypeVar("T")


class StoredRunError(LiantuError):
    """A stored run can't be read by this version, or says other things. `params`: what, found, stored."""

    code = "stored_run"


def pack_plan(plan: Plan) -> bytes:
    """The solver's values, and the pairs that may ship."""
    s, columns = plan.solution, plan.model.columns
    ships = columns.kind == SHIP
    said = {
        "format": FORMAT,
        "digest": plan.network.digest,
        "primal": plan.certificate.primal,
        "dual": plan.certificate.dual,
        "status": s.status,
        "objective": s.objective,
        "bound": s.bound,
        "iterations": s.iterations,
        "seconds": s.seconds,
        "solver": s.solver,
        "options": dict(s.options),
    }
    out = io.BytesIO()
    np.savez_compressed(
        out,
        said=np.frombuffer(json.dumps(said).encode(), dtype=np.uint8),
        source=columns.source[ships],
        target=columns.target[ships],
        km=columns.km[ships],
        **{name: getattr(s, name) for name in ARRAYS},
    )
    return out.getvalue()


def unpack_plan(network: Network, scenario: Scenario, stored: bytes) -> Plan:
    """The plan that was packed. Raises StoredRunError where the two don't agree."""
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    said = json.loads(kept["said"].tobytes())
    _agree("format", FORMAT, said["format"])
    _agree("digest", network.digest, said["digest"])
    pairs = Pairs(kept["source"], kept["target"], kept["km"])
    model = build_model(network, scenario, choose=lambda _rows, _materials: pairs)
    _agree("columns", len(model.columns.kind), len(kept["x"]))
    _agree("rows", len(model.rows.kind), len(kept["row_dual"]))
    solution = Solution(
        **{name: kept[name] for name in ARRAYS},
        **{
            name: said[name]
            for name in ("status", "objective", "bound", "iterations", "seconds", "solver", "options")
        },
    )
    plan = read_plan(model, solution)
    for name in ("primal", "dual"):
        _agree(name, getattr(plan.certificate, name), said[name])
    return plan


def _agree(what: str, found: Any, stored: Any) -> None:
    if isinstance(found, float):
        same = math.isclose(found, stored, rel_tol=SAME, abs_tol=1e-2)
    else:
        same = found == stored
    if not same:
        raise StoredRunError(what=what, found=str(found), stored=str(stored))


def pack_record(record: Any) -> bytes:
    """A frozen record of the engine with all that hangs on it."""
    return zlib.compress(msgspec.msgpack.encode({"format": FORMAT, "record": record}))


def unpack_record(kind: type[T], stored: bytes) -> T:
    """The record that was packed. Raises StoredRunError where its fields are others now."""
    try:
        outer = msgspec.msgpack.decode(zlib.decompress(stored), type=dict[str, msgspec.Raw])
        _agree("format", FORMAT, msgspec.msgpack.decode(outer["format"]))
        return msgspec.msgpack.decode(outer["record"], type=kind)
    except (zlib.error, KeyError, msgspec.MsgspecError) as error:
        raise StoredRunError(what=kind.__name__, found=str(error), stored="") from error


def pack_document(document: dict[str, Any]) -> bytes:
    """A report of the command line."""
    return zlib.compress(json.dumps(document, ensure_ascii=False, allow_nan=False).encode())


def unpack_document(stored: bytes) -> dict[str, Any]:
    """The report that was packed."""
    found: dict[str, Any] = json.loads(zlib.decompress(stored))
    return found
