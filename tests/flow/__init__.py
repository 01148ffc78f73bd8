"""Tests of following the money."""
