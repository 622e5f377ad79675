"""What a finished plan is written to: a folder, a page, a few lines for the terminal."""

from schedopt.report.equity import equity
from schedopt.report.folder import check_folder, write_plan
from schedopt.report.page import report_html
from schedopt.report.summary import summary

__all__ = ["check_folder", "equity", "report_html", "summary", "write_plan"]
