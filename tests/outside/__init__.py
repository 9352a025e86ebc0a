"""Tests of what a stranger meets first: the README, the documents, the image, the CI entry."""
