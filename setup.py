"""Compile the feature kernel; everything else about the package stands in pyproject.toml.

The modules below are Cython in pure-Python mode: the same files are compiled here and run
uncompiled under coverage. Contracted multiply-adds are off, so that a value does not depend
on the processor it was computed on, and signed words wrap, as the kernel's prefix sums do.
"""

from Cython.Build import cythonize
from setuptools import Extension, setup

KERNEL = [
    Extension(
        f"fraudguard.features.{module}",
        [f"fraudguard/features/{module}.py"],
        extra_compile_args=["-O3", "-g0", "-ffp-contract=off", "-fwrapv"],
    )
    for module in ("arena", "ring", "past", "neighbours", "facts", "index", "kernel", "groups", "stretch", "engine")
]

setup(ext_modules=cythonize(KERNEL, language_level=3, annotate=False, build_dir="build/cython"))
