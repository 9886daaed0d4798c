"""The city as it is planned: chain map, plants, materials, gaps, accounts, the plan itself."""
