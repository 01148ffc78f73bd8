"""Tests of one room, or of the house itself."""
