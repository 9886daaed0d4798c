"""Heights on the map: an order of each layer becomes coordinates without overlaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def heights(
    orders: Sequence[Sequence[int]],
    size: Mapping[int, float],
    gap: Mapping[int, float],
    links: Mapping[int, Sequence[tuple[int, float]]],
    sweeps: int = 16,
) -> dict[int, float]:
    """The middle y of each vertex, so that links run level and no two vertices of a layer touch.

    `size` is the height of a vertex, `gap` the free space it wants around it, `links` its neighbours
    with a weight. Each sweep moves a layer as near to its neighbours as the order and the sizes allow:
    least squares under separation, by pooling adjacent violators. At last each layer is moved up to the
    top, so that none hangs below an empty space.
    """
    packed = [_offsets(order, size, gap) for order in orders]
    y = {
        v: o
        for order, offsets in zip(orders, packed, strict=True)
        for v, o in zip(order, offsets, strict=True)
    }
    total = {v: sum([w for _, w in links.get(v, ())]) for v in y}
    layers = list(zip(orders, packed, strict=True))
    for sweep in range(sweeps):
        for order, offsets in layers if sweep % 2 == 0 else reversed(layers):
            _settle(order, offsets, y, links, total)
    tops = [min((y[v] - size[v] / 2 for v in order), default=0.0) for order in orders]
    return {v: y[v] - top for order, top in zip(orders, tops, strict=True) for v in order}


def _offsets(order: Sequence[int], size: Mapping[int, float], gap: Mapping[int, float]) -> list[float]:
    """The middles of a layer packed as tightly as it may be, from 0 on."""
    out: list[float] = []
    for i, v in enumerate(order):
        if i == 0:
            out.append(size[v] / 2)
        else:
            u = order[i - 1]
            out.append(out[-1] + (size[u] + size[v]) / 2 + max(gap[u], gap[v]))
    return out


def _settle(
    order: Sequence[int],
    offsets: Sequence[float],
    y: dict[int, float],
    links: Mapping[int, Sequence[tuple[int, float]]],
    total: Mapping[int, float],
) -> None:
    wanted, weights = [], []
    for v, offset in zip(order, offsets, strict=True):
        weight = total[v]
        middle = sum([y[u] * w for u, w in links[v]]) / weight if weight > 0 else y[v]
        wanted.append(middle - offset)
        weights.append(weight + 0.01)
    for v, offset, shift in zip(order, offsets, isotonic(wanted, weights), strict=True):
        y[v] = offset + shift


def isotonic(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest non-decreasing sequence in weighted least squares.

    >>> isotonic([1.0, 3.0, 2.0], [1.0, 1.0, 1.0])
    [1.0, 2.5, 2.5]
    """
    blocks: list[tuple[float, float, int]] = []  # mean, weight, length
    for value, weight in zip(values, weights, strict=True):
        blocks.append((value, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (m1, w1, n1), (m2, w2, n2) = blocks[-2], blocks[-1]
            blocks[-2:] = [((m1 * w1 + m2 * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    return [mean for mean, _, length in blocks for _ in range(length)]
