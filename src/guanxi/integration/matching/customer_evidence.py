"""What speaks for and against two customers being the same: the comparisons of the customer model.

The chances are defaults for lists too short to learn from, set from experience with lists of Chinese
companies: *when_different* is about one in the number of common values, *when_same* what typing habits leave.
"""

from guanxi.integration.matching.agreement import Alike, Either, Equal, Every, Known, Not, WithinEdits
from guanxi.integration.matching.settings import Comparison, Level
from guanxi.kernel.text import say

_NAME = Comparison(
    name="name",
    shows=("name_core", "name"),
    known_by=("core",),
    levels=(
        Level(
            label="same_core",
            test=Equal("core"),
            when_same=0.5,
            when_different=2e-5,
            frequency_of="core",
            says=say("same name apart from legal form and brackets"),
        ),
        Level(
            label="same_but_for_place",
            test=Equal("core_bare"),
            when_same=0.15,
            when_different=1e-4,
            frequency_of="core_bare",
            says=say("same name apart from the place in it"),
        ),
        Level(
            label="same_sound",
            test=Equal("core_sound"),
            when_same=0.05,
            when_different=2e-5,
            says=say("the names sound the same; characters that differ: {edits}"),
        ),
        Level(
            label="nearly_same",
            test=Alike("core", 0.92),
            when_same=0.12,
            when_different=2e-4,
            says=say("the names are nearly the same; characters that differ: {edits}"),
        ),
        Level(
            label="same_brand",
            test=Equal("brand"),
            when_same=0.08,
            when_different=1e-3,
            says=say("same brand in the name"),
        ),
        Level(
            label="similar",
            test=Alike("core_bare", 0.8),
            when_same=0.07,
            when_different=5e-3,
            says=say("the names are similar; characters that differ: {edits}"),
        ),
    ),
    otherwise=say("different names"),
    otherwise_when_same=0.03,
    otherwise_when_different=0.99,
)

_MOBILE = Comparison(
    name="mobile",
    shows=("mobile",),
    known_by=("mobile",),
    levels=(
        Level(
            label="same",
            test=Equal("mobile"),
            when_same=0.8,
            when_different=1e-5,
            frequency_of="mobile",
            says=say("same mobile number {left}"),
        ),
        Level(
            label="one_digit",
            test=WithinEdits("mobile", 1),
            when_same=0.05,
            when_different=1e-5,
            says=say("the mobile numbers differ in one digit"),
        ),
    ),
    otherwise=say("different mobile numbers"),
    otherwise_when_same=0.15,
    otherwise_when_different=0.9999,
)

_PHONE = Comparison(
    name="phone",
    shows=("phone",),
    known_by=("phone",),
    levels=(
        Level(
            label="same",
            test=Equal("phone"),
            when_same=0.7,
            when_different=2e-5,
            frequency_of="phone",
            says=say("same telephone number {left}"),
        ),
    ),
    otherwise=say("different telephone numbers"),
    otherwise_when_same=0.3,
    otherwise_when_different=0.9999,
)

_EMAIL = Comparison(
    name="email",
    shows=("email",),
    known_by=("email",),
    levels=(
        Level(
            label="same",
            test=Equal("email"),
            when_same=0.8,
            when_different=1e-5,
            frequency_of="email",
            says=say("same e-mail address {left}"),
        ),
        Level(
            label="one_character",
            test=Every((WithinEdits("email", 1), Equal("email_digits"))),
            when_same=0.05,
            when_different=1e-5,
            says=say("the e-mail addresses differ in one character"),
        ),
    ),
    otherwise=say("different e-mail addresses"),
    otherwise_when_same=0.15,
    otherwise_when_different=0.9999,
)

_CREDIT_CODE = Comparison(
    name="credit_code",
    shows=("credit_code",),
    known_by=("credit_code",),
    fixed=True,
    levels=(
        Level(
            label="same",
            test=Equal("credit_code"),
            when_same=0.98,
            when_different=1e-7,
            says=say("same credit code {left}"),
        ),
    ),
    otherwise=say("different credit codes"),
    otherwise_when_same=0.02,
    otherwise_when_different=0.9999999,
)

_REGISTRATION = Comparison(
    name="registration_number",
    shows=("registration_number",),
    known_by=("registration_number",),
    fixed=True,
    levels=(
        Level(
            label="same",
            test=Equal("registration_number"),
            when_same=0.95,
            when_different=1e-6,
            says=say("same old registration number {left}"),
        ),
    ),
    otherwise=say("different registration numbers"),
    otherwise_when_same=0.05,
    otherwise_when_different=0.999999,
)

_PERSON = Comparison(
    name="person",
    shows=("person",),
    known_by=("person",),
    levels=(
        Level(
            label="same",
            test=Equal("person"),
            when_same=0.75,
            when_different=2e-3,
            frequency_of="person",
            says=say("same contact person {left}"),
        ),
        Level(
            label="same_sound",
            test=Equal("person_sound"),
            when_same=0.03,
            when_different=1e-3,
            says=say("the contact persons' names sound the same"),
        ),
        Level(
            label="similar",
            test=Alike("person", 0.75),
            when_same=0.05,
            when_different=2e-2,
            says=say("the contact persons' names are similar"),
        ),
    ),
    otherwise=say("different contact persons"),
    otherwise_when_same=0.17,
    otherwise_when_different=0.977,
)

_ADDRESS = Comparison(
    name="address",
    shows=("address",),
    known_by=("address",),
    levels=(
        Level(
            label="same",
            test=Equal("address"),
            when_same=0.4,
            when_different=2e-5,
            frequency_of="address",
            says=say("same address"),
        ),
        Level(
            label="same_numbers",
            test=Every((Equal("address_numbers"), Alike("address", 0.7))),
            when_same=0.2,
            when_different=5e-5,
            says=say("similar address with the same house number"),
        ),
        Level(
            label="nearly_same",
            test=Alike("address", 0.88),
            when_same=0.12,
            when_different=1e-3,
            says=say("the addresses are nearly the same; characters that differ: {edits}"),
        ),
        Level(
            label="similar",
            test=Alike("address", 0.7),
            when_same=0.12,
            when_different=2e-2,
            says=say("the addresses are similar"),
        ),
    ),
    otherwise=say("different addresses"),
    otherwise_when_same=0.16,
    otherwise_when_different=0.978,
)

_PLACE = Comparison(
    name="place",
    shows=("district", "city", "province"),
    known_by=("district", "city", "province"),
    levels=(
        Level(
            label="same_district",
            test=Every((Equal("district"), Either((Equal("city"), Not(Known("city")))))),
            when_same=0.75,
            when_different=0.02,
            frequency_of="district",
            says=say("same district"),
        ),
        Level(
            label="same_city",
            test=Equal("city"),
            when_same=0.18,
            when_different=0.08,
            frequency_of="city",
            says=say("same city"),
        ),
        Level(
            label="same_province",
            test=Equal("province"),
            when_same=0.03,
            when_different=0.1,
            says=say("same province, different city"),
        ),
    ),
    otherwise=say("different places"),
    otherwise_when_same=0.04,
    otherwise_when_different=0.8,
)

COMPARISONS = (
    _NAME,
    _CREDIT_CODE,
    _REGISTRATION,
    _MOBILE,
    _PHONE,
    _EMAIL,
    _PERSON,
    _ADDRESS,
    _PLACE,
)
