"""Pages as PDF."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from schedopt.errors import OutputError

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def pdf(page: str) -> bytes:
    """A page as a PDF file.

    Parameters
    ----------
    page : str
        HTML that needs nothing else.

    Raises
    ------
    OutputError
        If the extra ``letters`` is not installed.
    """
    try:
        import weasyprint
    except (ModuleNotFoundError, OSError) as error:
        raise OutputError(f"PDFs need more than is installed: pip install 'schedopt[letters]' ({error})") from None
    styles = [_style(text) for text in _STYLE.findall(page)]
    whole = weasyprint.HTML(string=_STYLE.sub("", page), base_url=None, url_fetcher=_nothing)
    content: bytes = whole.write_pdf(stylesheets=styles, font_config=_fonts())
    return content


@cache
def _fonts() -> Any:
    """The fonts of this machine, looked up once."""
    import weasyprint.text.fonts

    return weasyprint.text.fonts.FontConfiguration()


@lru_cache(8)
def _style(text: str) -> Any:
    """A style, read once for all the pages that have it."""
    import weasyprint

    return weasyprint.CSS(string=text, base_url=None, url_fetcher=_nothing, font_config=_fonts())


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """Refuse what a page would load: it needs nothing else."""
    raise ValueError(f"expected a page that loads nothing, found {url[:40]}")
