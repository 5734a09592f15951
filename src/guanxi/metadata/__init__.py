"""What the company's data looks like: objects, fields and relationships as frozen values."""
