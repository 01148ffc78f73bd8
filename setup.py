"""Compile the feature kernel; everything else about the package stands in pyproject.toml.

`fraudguard/features/kernel.py` and `past.py`, the state it asks, are Cython in
pure-Python mode: the same files are compiled here and run uncompiled under coverage. Contracted multiply-adds are
off, so that a value does not depend on the processor it was computed on.
"""

from Cython.Build import cythonize
from setuptools import Extension, setup

KERNEL = [
    Extension(
        f"fraudguard.features.{module}",
        [f"fraudguard/features/{module}.py"],
        extra_compile_args=["-O3", "-g0", "-ffp-contract=off"],
    )
    for module in ("past", "kernel")
]

setup(ext_modules=cythonize(KERNEL, language_level=3, annotate=False, build_dir="build/cython"))
