"""The start of a process: ``guanxi``, ``python -m guanxi.cli``, and those that these spawn, which import it again."""

import gc

gc.disable()  # what is imported is never garbage: looking for some, now and at the end, takes as long as the rest

from guanxi.cli.main import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
