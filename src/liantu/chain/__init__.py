"""The numeric core: tables -> network -> model -> solution -> plan."""
