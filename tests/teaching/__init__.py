"""A package, so that what these tests set in the environment ends with them."""
