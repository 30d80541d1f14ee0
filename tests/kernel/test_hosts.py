"""Which hosts may be sent anything."""

import pytest

from trellis.kernel.errors import Invalid
from trellis.kernel.hosts import check_host


@pytest.mark.parametrize(
    "url", ["http://localhost:80/v1", "http://127.0.0.1/v1", "http://127.8.8.8", "https://[::1]:8/v1"]
)
def test_this_machine_is_always_allowed(url):
    """The loopback needs no leave."""
    check_host(url, "", option="it")


def test_an_allowed_host_is_allowed_by_its_whole_name():
    """An operator's list holds names, in any case; no other host that ends or begins like one of them passes."""
    check_host("https://ASR.clinic.example/v1", "other, asr.Clinic.example", option="it")
    for host in ("asr.clinic.example.evil.example", "clinic.example", "x-asr.clinic.example"):
        with pytest.raises(Invalid):
            check_host(f"https://{host}/v1", "asr.clinic.example", option="it")


@pytest.mark.parametrize("url", ["", "http://", "file:///etc/hosts", "http://[::1", "//127.0.0.1/v1"])
def test_what_is_no_address_is_refused(url):
    """Only http and https addresses with a host are addresses."""
    with pytest.raises(Invalid) as refused:
        check_host(url, "", option="speech.engine")
    assert refused.value.code == "kernel.address_invalid" and "speech.engine" in refused.value.message
