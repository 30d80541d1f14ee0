"""The people who work here, and how they show that it is they: passwords, second factors, logins."""

from trellis.governance.accounts.factors import Offer
from trellis.governance.accounts.logins import Login, end_all_logins, end_login, find_login, logins_of
from trellis.governance.accounts.people import (
    Account,
    account_for,
    add_account,
    disable_account,
    find_account,
    list_accounts,
    reset_account,
    unlock_account,
)
from trellis.governance.accounts.places import Accounts, Limits, limits_of, permitted, refusal, tell
from trellis.governance.accounts.signing_in import (
    accept_invitation,
    change_password,
    confirm_second,
    offer_second,
    sign_in,
)

__all__ = [
    "Account",
    "Accounts",
    "Limits",
    "Login",
    "Offer",
    "accept_invitation",
    "account_for",
    "add_account",
    "change_password",
    "confirm_second",
    "disable_account",
    "end_all_logins",
    "end_login",
    "find_account",
    "find_login",
    "limits_of",
    "list_accounts",
    "logins_of",
    "offer_second",
    "permitted",
    "refusal",
    "reset_account",
    "sign_in",
    "tell",
    "unlock_account",
]
