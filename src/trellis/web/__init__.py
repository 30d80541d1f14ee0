"""The workspace in a browser: pages made on the server, over the record and the rooms below."""

from trellis.web.desk import Desk, DraftOrder, Tell
from trellis.web.workspace import guarded, make_app, serve

__all__ = ["Desk", "DraftOrder", "Tell", "guarded", "make_app", "serve"]
