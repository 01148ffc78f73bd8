"""Compile the feature kernel; everything else about the package stands in pyproject.toml.

`fraudguard/features/kernel.py` is Cython in pure-Python mode: the same file is
compiled here and runs uncompiled under coverage. Contracted multiply-adds are
off, so that a value does not depend on the processor it was computed on.
"""

from Cython.Build import cythonize
from setuptools import Extension, setup

KERNEL = Extension(
    "fraudguard.features.kernel",
    ["fraudguard/features/kernel.py"],
    extra_compile_args=["-O3", "-g0", "-ffp-contract=off"],
)

setup(ext_modules=cythonize([KERNEL], language_level=3, annotate=False, build_dir="build/cython"))
