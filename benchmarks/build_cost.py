"""Cost of building the model beside solving it, and of the certificate, by number of plants.

python benchmarks/build_cost.py [plants ...]
"""

from __future__ import annotations

import itertools
import resource
import sys
import time

from liantu.chain.certificate import certify
from liantu.chain.model import build_model
from liantu.chain.network_build import build_network
from liantu.chain.reduced import solve_model
from liantu.chain.scenario import Scenario

sys.path.insert(0, __file__.rsplit("/", 1)[0])
from synthetic import nation


def main(sizes: list[int]) -> None:
    print("plants  rows  columns  network_s  model_s  solve_s  model/solve  proof_s  gap  residual  peak_MB")
    for size in sizes:
        tables = nation(size)
        marks = [time.perf_counter()]
        network = build_network(tables)
        marks.append(time.perf_counter())
        model = build_model(network, Scenario())
        marks.append(time.perf_counter())
        solution = solve_model(model)
        marks.append(time.perf_counter())
        proof = certify(model, solution)
        marks.append(time.perf_counter())
        net, build, solve, check = (b - a for a, b in itertools.pairwise(marks))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size_of = "  ".join(str(n) for n in model.matrix.shape)
        print(
            f"{size}  {size_of}  {net:.2f}  {build:.2f}  {solve:.2f}  {build / solve:.3f}  {check:.2f}"
            f"  {proof.gap:.1e}  {proof.residual:.1e}  {peak:.0f}"
        )


if __name__ == "__main__":
    main([int(v) for v in sys.argv[1:]] or [1000, 3000, 10000])
