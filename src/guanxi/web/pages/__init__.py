"""The pages: one module and one template each; a module lists its addresses under ``PAGES``."""
