"""Parts of tables that guides use more than once."""


def nested(lines: str, depth: int) -> str:
    """Lines of a table, indented by how deep they are inside loops."""
    return "".join(f"{' ' * depth}{line}\n" for line in lines.strip("\n").splitlines() if line.strip())
