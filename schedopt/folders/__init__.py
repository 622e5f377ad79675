"""Plans as they stand in their folders, read back as they were in memory."""

from schedopt.folders.admit import admit_folder
from schedopt.folders.read import Folder, read_folder, read_plan, read_record

__all__ = ["Folder", "admit_folder", "read_folder", "read_plan", "read_record"]
