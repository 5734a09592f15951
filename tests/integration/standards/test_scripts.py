"""Traditional characters become simplified ones, each text for itself."""

import polars as pl

from guanxi.integration.standards.scripts import simplified


def test_a_text_of_several_lines_moves_no_other():
    texts = pl.Series(["張偉明", "陳\n麗娟", None, "李世萍", "雲帆機械", "葡萄乾\n坊", "陞達電子"])
    assert simplified(texts).to_list() == [
        "张伟明",
        "陈 丽娟",
        None,
        "李世萍",
        "云帆机械",
        "葡萄干 坊",
        "陞达电子",
    ]
