"""One network of benchmarks/scale.py, solved by liantu, written down for its peers, or their answers checked.

python benchmarks/scale_case.py ours PLANTS VARIANT CORES SECONDS    solve; prints one line of JSON
python benchmarks/scale_case.py write PLANTS VARIANT FILE        the plain programme as arrays
python benchmarks/scale_case.py check PLANTS VARIANT FILE        gap and residual of the answer in FILE
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from scale_process import children_mb, peak_mb
from synthetic import nation


def network_of(plants: int, variant: str):  # type: ignore[no-untyped-def]
    from liantu.chain.network_build import build_network

    return build_network(nation(plants, tight=variant != "loose", energy=variant == "energy"))


def ours(plants: int, variant: str, cores: int, seconds: float) -> dict[str, object]:
    """What `liantu plan` does with it: the way by size, then the certificate. On one core all is done in one
    process, as the peers do it."""
    from functools import partial

    from liantu.chain.certificate import certify, gap_between
    from liantu.chain.regions import Limits
    from liantu.chain.scale import solve_large, solve_scenario
    from liantu.chain.scenario import Scenario
    from liantu.chain.sweep import crew

    def told(step: str, low: float, high: float) -> None:
        steps.append(f"{time.perf_counter() - built:.0f} s {step} {gap_between(low, high):.1e}")
        print(steps[-1], file=sys.stderr, flush=True)

    steps: list[str] = []
    begun = time.perf_counter()
    network = network_of(plants, variant)
    built = time.perf_counter()
    limits = Limits(seconds=min(seconds, Limits().seconds))
    with crew(cores) as executor:
        how = partial(solve_large, limits=limits, executor=executor, progress=told)
        model, solution = solve_scenario(network, Scenario(), how)
    solved = time.perf_counter()
    proof = certify(model, solution)
    done = time.perf_counter()
    bound = max(proof.dual, solution.bound + model.constant)  # over all pairs, listed or not
    return {
        "status": solution.status, "build": built - begun, "solve": solved - built, "proof": done - solved,
        "total": done - built, "peak_mb": peak_mb() + children_mb(), "objective": proof.primal,
        "gap": gap_between(proof.primal, bound), "residual": proof.residual,
        "steps": steps,
    }  # fmt: skip


def plain(plants: int, variant: str):  # type: ignore[no-untyped-def]
    from liantu.chain.model import build_model
    from liantu.chain.scenario import Scenario

    return build_model(network_of(plants, variant), Scenario())


def write(plants: int, variant: str, file: str) -> dict[str, object]:
    """The plain programme, all pairs listed: entries of its matrix by column, bounds, objective."""
    model = plain(plants, variant)
    m = model.matrix
    np.savez(
        file, indptr=m.indptr, indices=m.indices, data=m.data, shape=np.array(m.shape),
        objective=model.objective, row_lower=model.row_lower, row_upper=model.row_upper,
        upper=model.column_upper, kind=model.columns.kind,
    )  # fmt: skip
    return {"rows": m.shape[0], "columns": m.shape[1], "pairs": int((model.columns.kind == 1).sum())}


def check(plants: int, variant: str, file: str) -> dict[str, object]:
    """The same proof for every peer: computed here from its values, not taken from it."""
    from liantu.chain.certificate import dual_bound, gap_between, residual

    model = plain(plants, variant)
    answer = np.load(file)
    x, price = answer["x"], answer["price"]
    value = float(model.objective @ x) + model.constant
    # a modeller may state a dual with either sign; the one that proves more is meant
    bound = min(dual_bound(model, price), dual_bound(model, -price)) + model.constant
    return {
        "objective": value,
        "gap": gap_between(value, bound),
        "residual": residual(model, x),
    }


def main(verb: str, plants: str, variant: str, *rest: str) -> None:
    if verb == "ours":
        found = ours(int(plants), variant, int(rest[0]), float(rest[1]))
    else:
        found = {"write": write, "check": check}[verb](int(plants), variant, rest[0])
    print(json.dumps(found))


if __name__ == "__main__":
    if len(sys.argv) > 3:
        main(*sys.argv[1:])
    else:
        print("a part of benchmarks/scale.py")
