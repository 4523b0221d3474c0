# A package with data.
