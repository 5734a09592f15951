"""Into the data door in bounded parts: each part is one transaction that also remembers it is done."""

from guanxi.integration.loading.part import KNOWN_AS, LINK, ORIGIN, OURSELVES, PartReceipt, Refusal, load_part

__all__ = ["KNOWN_AS", "LINK", "ORIGIN", "OURSELVES", "PartReceipt", "Refusal", "load_part"]
