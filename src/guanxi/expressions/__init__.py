"""One expression language: a tree with two meanings, in Python and in SQL.

``syntax`` is the tree, ``conditions`` builds it by hand, ``formulas`` reads it from text, ``checking`` judges
its types, ``evaluating`` is its meaning in Python; its meaning in SQL is `guanxi.store.conditions`.
"""
