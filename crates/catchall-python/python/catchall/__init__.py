"""Catchall: may this transfer go ahead, on this date, to these parties, for this use, and why?

``Engine`` answers over Arrow tables; :mod:`catchall.spark` spreads the same answers over the machines of a cluster.
"""

from ._catchall import Engine, NotScreened, __version__

__all__ = ["Engine", "NotScreened", "__version__"]
