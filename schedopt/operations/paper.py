"""Pages as PDF."""

from __future__ import annotations

from schedopt.errors import OutputError


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
    content: bytes = weasyprint.HTML(string=page, base_url=None, url_fetcher=_nothing).write_pdf()
    return content


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    """Refuse what a page would load: it needs nothing else."""
    raise ValueError(f"expected a page that loads nothing, found {url[:40]}")
