"""schedopt plans a medical office's week: who sees whom, when and where, with a proof of how good the plan is.

Its public names stand in ``__init__.pyi``; each is loaded when it is first asked for, as a solver takes a while.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
