"""Files and folders, written whole or not at all.

Whatever ends a writer – Ctrl-C, a full disk, the loss of power – there is what was there before, or all of the new.
What is not finished yet stands in a scratch folder of its own, beside its place or inside it. A scratch folder whose
writer has died is recognised by the next writer or reader, who undoes what was half done and removes it.
"""

from schedopt.writing.append import append_line, make_private_folder, put_in_place, remove_file, write_secret
from schedopt.writing.files import try_files, write_files
from schedopt.writing.folder import try_folder, write_folder
from schedopt.writing.places import full_path, refused, stranger
from schedopt.writing.scratch import settle

__all__ = [
    "append_line", "full_path", "make_private_folder", "put_in_place", "refused", "remove_file", "settle", "stranger",
    "try_files", "try_folder", "write_files", "write_folder", "write_secret",
]  # fmt: skip
