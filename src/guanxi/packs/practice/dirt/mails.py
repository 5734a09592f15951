"""Mail addresses with full-width signs, lost characters and friendly additions."""

from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance


def mail(chance: Chance, email: str) -> Cell:
    """Return *email*: as it is, missing, or with one of the usual slips."""
    if chance.often(0.25):
        return Cell(shown=None, true=email)
    if not chance.often(0.16):
        return Cell(shown=email.upper() if chance.often(0.05) else email, true=email)
    mailbox, domain = email.split("@")
    slips = (
        f"{mailbox}＠{domain}",
        f"{mailbox}@{domain}。",
        f" {mailbox} @{domain}",
        f"{mailbox}#{domain}",
        f"{mailbox}@{domain.replace('.com', '。com')}",
        f"{mailbox}@{domain.replace('.com', ',com')}",
        f"{mailbox}@@{domain}",
        f"{mailbox}{domain}",
        f"mailto:{email}",
    )
    return Cell(shown=chance.pick(slips), true=email, kind="email_dirt")
