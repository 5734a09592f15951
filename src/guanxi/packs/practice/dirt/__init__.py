"""What hands, forms and machines do to values: one module for each kind of value."""
