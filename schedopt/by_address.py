"""Compiled: a tuple of arrays that is passed on by its address.

Numba passes a tuple of arrays by value: shape, strides and address of each array, some 200 words for a week and what it
holds. That takes 60 to 70 ns a call, more than most functions of the search need for what they do. By its address, such
a tuple is one word, and a function loads what it uses.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, models, register_model

T = TypeVar("T")


class Address(types.Type):
    """Numba's type of the address of a named tuple, of which the attributes can be read."""

    def __init__(self, held: Any) -> None:
        self.held = held
        super().__init__(name=f"Address({held})")


@register_model(Address)
class _AddressModel(models.PrimitiveModel):
    """An address."""

    def __init__(self, manager: Any, kind: Address) -> None:
        super().__init__(manager, kind, manager.lookup(kind.held).get_value_type().as_pointer())


@infer_getattr
class _AddressAttribute(AttributeTemplate):
    """Attributes are those of the tuple; a tuple among them is an address again."""

    key = Address

    def generic_resolve(self, kind: Address, name: str) -> Any:  # type: ignore[override]
        if name not in kind.held.fields:
            return None
        found = kind.held[kind.held.fields.index(name)]
        return Address(found) if isinstance(found, types.BaseNamedTuple) else found


@lower_getattr_generic(Address)
def _load_attribute(context: Any, builder: Any, kind: Address, value: Any, name: str) -> Any:
    index = kind.held.fields.index(name)
    found = kind.held[index]
    address = cgutils.gep_inbounds(builder, value, 0, index)
    if isinstance(found, types.BaseNamedTuple):
        return address
    return impl_ret_borrowed(context, builder, found, _load(builder, address))


def _load(builder: Any, address: Any) -> Any:
    """Load word by word, so that what is not used is not loaded."""
    kind = address.type.pointee
    if not isinstance(kind, ir.Aggregate):
        return builder.load(address)
    whole = ir.Constant(kind, ir.Undefined)
    for number in range(len(kind)):
        whole = builder.insert_value(whole, _load(builder, cgutils.gep_inbounds(builder, address, 0, number)), number)
    return whole


@intrinsic
def _by_address(typing: Any, held: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return cgutils.alloca_once_value(builder, arguments[0])

    return Address(held)(held), code


class _ByAddress(Protocol):
    def __call__(self, held: T, /) -> T: ...


by_address = cast(_ByAddress, _by_address)
"""For compiled code: a named tuple of arrays by its address, to be passed on as long as the present call lasts."""
