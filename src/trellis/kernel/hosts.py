"""Which hosts may be sent anything: this machine, and those an operator named.

Why: what is sent to an engine is a session. One rule, in one place, for every engine and writer.

Takes: an address and the hosts that `engines.allowed_hosts` names. Gives: nothing, or `Invalid`.
"""

import ipaddress
import urllib.parse

from trellis.kernel.errors import Invalid


def check_host(url: str, allowed_hosts: str, *, option: str) -> None:
    """Raise `Invalid` unless the address is http(s) on the loopback or on an allowed host (comma-separated names).

    `option` is what the operator set it with, for the message. The codes are `kernel.address_invalid` and
    `kernel.host_not_allowed`.
    """
    host = read_host(url)
    if not host:
        raise Invalid(
            "kernel.address_invalid", f"{option} is no address of a server.", hint="Write it as http://host:port/v1."
        )
    if not may_call(host, allowed_hosts):
        raise Invalid(
            "kernel.host_not_allowed",
            f"{option} names a host beyond this machine that the settings don't allow.",
            hint="Add it to engines.allowed_hosts once an agreement with its owner is in place.",
        )


def read_host(url: str) -> str:
    """The host of an http or https address in small letters; empty where it is no such address."""
    try:
        parts = urllib.parse.urlsplit(url)
        return (parts.hostname or "").lower() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def may_call(host: str, allowed_hosts: str) -> bool:
    """Whether a host is this machine, or is named whole in the comma-separated list."""
    return is_loopback(host) or host.lower() in {name.strip().lower() for name in allowed_hosts.split(",")} - {""}


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
