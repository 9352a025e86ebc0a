"""The tests. A package of its own, since some dependencies install one of this name."""
