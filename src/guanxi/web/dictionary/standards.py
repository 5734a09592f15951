"""What each data standard does to a value, in words a business user reads; a test holds them complete."""

from collections.abc import Mapping

from guanxi.kernel.text import Message, say

STANDARD_WORDS: Mapping[str, Message] = {
    "address": say("split into province, city, district and detail by the official list of regions"),
    "company_name": say("width, brackets and legal form written alike; names that say nothing are refused"),
    "credit_code": say(
        "18 characters with a valid check digit; old 15-digit numbers are kept in a field of their own"
    ),
    "customer_number": say("spaces and decimals from spreadsheets removed, leading zeros kept"),
    "date": say("any way to write a day becomes one date; impossible days are refused"),
    "date_time": say("any way to write a moment becomes one date and time"),
    "decimal": say("separators, units and full-width digits become one number"),
    "email": say("lower case, without spaces; an address that cannot exist is refused"),
    "industry": say("the company's own words become a class of GB/T 4754"),
    "landline": say("area code and number in one form, extension kept"),
    "mobile": say("11 digits beginning with 13 to 19, without +86, spaces or dashes"),
    "money": say("an amount with its currency; 万 and 亿 are multiplied out"),
    "percent": say("a share as a number of percent"),
    "person_name": say("spaces and titles around a person's name removed"),
    "phone": say("a mobile or a landline number in one form"),
    "registration_number": say("the old 15-digit business registration number"),
    "text": say("invisible signs and surplus spaces removed, nothing else changed"),
    "url": say("a web address with its scheme, in lower case"),
    "whole_number": say("separators and units removed; a number without decimals"),
    "yes_no": say("是, 否, yes, no, 1, 0 become ticked or not"),
}
