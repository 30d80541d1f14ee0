"""Speakers told apart on this machine, by networks that come with Trellis and are checked before they are loaded.

Takes and gives what the port in `speakers` says. Of an hour of speech, some 2,300 phrases with 192 numbers each stay in
memory until it is over (2 MB).
"""

from typing import Any

from trellis.inference.speakers import Listener
from trellis.inference.weights import find_weights


class LocalSpeakers:
    """Segmentation and CAM++ in onnxruntime; `threads` 0 leaves their number to the runtime."""

    def __init__(self, *, threads: int = 0) -> None:
        self._threads = threads
        self._networks: Any = None

    def open(self, *, speakers: int | None = None) -> Listener:
        """A listener for one recording; networks are loaded with the first one."""
        from trellis.inference.listening import LocalListener
        from trellis.inference.segmentation import Segmentation
        from trellis.inference.voiceprints import VoicePrints

        if self._networks is None:
            self._networks = (
                Segmentation(find_weights("segmentation"), threads=self._threads),
                VoicePrints(find_weights("campplus"), threads=self._threads),
            )
        segmentation, prints = self._networks
        return LocalListener(segmentation, prints, speakers)
