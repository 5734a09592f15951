"""Configuration shipped with the product, as readable files."""
