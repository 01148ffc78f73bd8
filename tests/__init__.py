"""Tests of fraudguard; the folders mirror the rooms of the package."""
