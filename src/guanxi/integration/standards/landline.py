"""Landline numbers: 0571-88888888, with extension 0571-88888888-123, and 400-820-8820."""

import polars as pl

from guanxi.integration.standards.base import Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.numbers_in_cells import bare_number, without_signs, words_around
from guanxi.kernel.text import say

# Area codes of mainland China without the leading 0 (the ministry's numbering plan; agrees with libphonenumber).
AREA_CODES = (
    "10 20 21 22 23 24 25 27 28 29 "
    "310 311 312 313 314 315 316 317 318 319 335 349 350 351 352 353 354 355 356 357 358 359 "
    "370 371 372 373 374 375 376 377 379 391 392 393 394 395 396 398 411 412 415 416 417 418 419 421 427 429 "
    "431 432 433 434 435 436 437 438 439 451 452 453 454 455 456 457 458 459 464 467 468 469 "
    "470 471 472 473 474 475 476 477 478 479 482 483 510 511 512 513 514 515 516 517 518 519 523 527 "
    "530 531 532 533 534 535 536 537 538 539 543 546 550 551 552 553 554 555 556 557 558 559 561 562 563 564 "
    "565 566 570 571 572 573 574 575 576 577 578 579 580 591 592 593 594 595 596 597 598 599 "
    "631 632 633 634 635 660 662 663 668 691 692 701 710 711 712 713 714 715 716 717 718 719 722 724 728 "
    "730 731 734 735 736 737 738 739 743 744 745 746 750 751 752 753 754 755 756 757 758 759 760 762 763 766 "
    "768 769 770 771 772 773 774 775 776 777 778 779 790 791 792 793 794 795 796 797 798 799 "
    "812 813 816 817 818 825 826 827 830 831 832 833 834 835 836 837 838 839 851 854 855 856 857 858 859 "
    "870 871 872 873 874 875 876 877 878 879 883 886 887 888 891 892 893 894 895 896 897 898 "
    "901 902 903 906 908 909 911 912 913 914 915 916 917 919 930 931 932 933 934 935 936 937 938 939 941 943 "
    "951 952 953 954 955 970 971 972 973 974 975 976 977 979 990 991 992 993 994 995 996 997 998 999"
).split()
_LOCAL = r"([2-9]\d{6,7}|[2-9]\d{2,3}[\s\-]\d{4})"
_EXTENSION = r"(?:[\s\-,;:(]*(?:转|分机号?|ext\.?|extension|[xX*#]|--?)[\s:.]*(\d{1,6})\)?)?"
_AREA = "|".join(AREA_CODES)
_WITH_AREA = (
    rf"(?i)(?:^|\D)(?:(?:\+|00)?86[\s\-(]*0?|0)({_AREA})[)\s\-.—–_/]*{_LOCAL}{_EXTENSION}(?:\D|$)"
    rf"|^\(?({_AREA})[)\s\-.—–_/]+([2-9]\d{{6,7}}){_EXTENSION}(?:\D|$)"
)
_WITHOUT_AREA = rf"(?i)(?:^|[^\d\-]){_LOCAL}{_EXTENSION}(?:\D|$)"
_TOLL = rf"(?i)(?:^|\D)([48]00)[\s\-]*(\d(?:[\s\-]?\d){{6}}){_EXTENSION}(?:\D|$)"
_SERVICE = r"^(95\d{3,4}|96\d{3,4}|10\d{3}|12\d{3}|11[0-9]|12[0-2])$"


class Landline(Standard):
    """Area code, number and extension joined by ``-``; service numbers such as 95588 stay as they are."""

    name = "landline"
    reasons = {
        "landline_area": say("the area code is missing; the number works in one city only"),
        "landline_abroad": say("this is a number of another country"),
        "landline_mobile": say("this is a mobile number, not a landline"),
        "landline_shape": say("a landline number has an area code and 7 or 8 digits, as in 0571-88888888"),
        "another_number": say("there are two numbers in one cell; the first is kept, the other is {note}"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        rows = rows.with_columns(bare=bare_number(pl.col("text")))
        rows = rows.with_columns(
            area=pl.col("bare").str.extract_groups(_WITH_AREA),
            local=pl.col("bare").str.extract_groups(_WITHOUT_AREA),
            toll=pl.col("bare").str.extract_groups(_TOLL),
        )
        rows = rows.with_columns(value=_number(), rest=_rest())
        other = pl.col("rest").str.extract(r"(\d[\d\s\-]{4,}\d)", 1)
        mobile = pl.col("value").is_null() & pl.col("bare").str.contains(r"^(?:\+?86)?[\s\-]*1[3-9]\d[\d\s\-]{8,10}$")
        return decide(
            rows,
            pl.col("value"),
            rejected("landline_mobile", mobile),
            rejected("landline_abroad", pl.col("text").str.contains(r"^(?:\+|00)(?:[1-79]|8[0-57-9])")),
            rejected("landline_shape", pl.col("value").is_null()),
            suspect("landline_area", pl.col("value").str.contains(r"^[2-9]\d{6,7}(?:-\d+)?$")),
            changed("another_number", other.is_not_null(), other),
            changed("text_around", words_around(pl.col("rest")) != "", words_around(pl.col("rest"))),
        )


def _number() -> pl.Expr:
    """Return the number in its standard spelling, or null."""
    toll, area, alone = (pl.col(name).struct for name in ("toll", "area", "local"))
    seven = without_signs(toll.field("2"))
    free = pl.concat_str([toll.field("1"), seven.str.head(3), seven.str.slice(3)], separator="-")
    with_area = [
        pl.lit("0") + area.field(code) + "-" + without_signs(area.field(local)) + _extension(area.field(extension))
        for code, local, extension in (("1", "2", "3"), ("4", "5", "6"))
    ]
    service = pl.col("bare").str.replace_all(r"[\s\-]", "").str.extract(_SERVICE, 1)
    return pl.coalesce(
        service,
        free + _extension(toll.field("3")),
        *with_area,
        without_signs(alone.field("1")) + _extension(alone.field("2")),
    )


def _extension(digits: pl.Expr) -> pl.Expr:
    return (pl.lit("-") + digits).fill_null("")


def _rest() -> pl.Expr:
    """Return the text around the number that was found first, by the same order of trial as `_number`."""
    text = pl.col("bare")
    return (
        pl.when(text.str.contains(_TOLL))
        .then(text.str.replace(_TOLL, " "))
        .when(text.str.contains(_WITH_AREA))
        .then(text.str.replace(_WITH_AREA, " "))
        .otherwise(text.str.replace(_WITHOUT_AREA, " "))
    )
