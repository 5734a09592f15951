"""The functions and operators of the expression language: one file per small family, found by themselves."""

import sys

from guanxi.expressions.function import Function
from guanxi.kernel.registry import Registry, collect

FUNCTIONS: Registry[Function] = collect("function", sys.modules[__name__], Function)
