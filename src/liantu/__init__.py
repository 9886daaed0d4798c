"""liantu (链图): how an industrial city runs its industrial chains."""
