"""The atlas for programs: datasets, runs, the chain, gaps and opportunities."""

from __future__ import annotations

from ninja import Router

from liantu.web.atlas.api import chain, datasets, gaps, opportunities, runs

router = Router()
for part in (datasets.router, runs.router, chain.router, gaps.router, opportunities.router):
    router.add_router("", part)
