"""The word lists the practice world is made of: places, people, trades and brands, typed by hand as facts."""
