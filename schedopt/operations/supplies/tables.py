"""Tables of supplies: what there is to use up, which visits use it, what is in stock, and what has been ordered."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from schedopt.models.tables.fields import Amount, Date, Flag, Id, Positive, Row, Share, Text, Whole, column

Used = Annotated[float, Field(ge=0.001, le=1_000_000, allow_inf_nan=False)]
Target = Annotated[float, Field(ge=0.5, le=0.9999, allow_inf_nan=False)]


class SupplyItem(Row):
    """What visits use up: how it is counted, bought, kept and delivered. Money is in any one currency."""

    table_name: ClassVar[str] = "supplies"
    key: ClassVar[tuple[str, ...]] = ("item",)

    item: Id = column("Id of the item.", example="flu-vaccine")
    name: Text = column("Name for people.", example="Influenza vaccine, 0.5 ml", default="")
    unit: Text = column("What is counted, as a plural.", example="doses", default="pieces")
    pack: Used = column("Units in a pack; whole packs are ordered.", example="10", default=1.0, unit="units")
    minimum_order: Amount = column("Fewest units of an order.", example="20", default=0.0, unit="units")
    price: Amount = column("Price of a pack.", example="180", default=0.0, unit="currency")
    order_cost: Amount = column(
        "What ordering and putting away costs each time, however much is ordered.", example="25", default=0.0,
        unit="currency",
    )  # fmt: skip
    holding_rate: Share = column(
        "Share of the price that a year in stock costs: capital, room, cold chain.", example="0.25", default=0.25,
        unit="of the price a year",
    )  # fmt: skip
    holding_cost: Amount | None = column(
        "In place of the rate: what a unit in stock costs in a year.", example="4.50", default=None,
        unit="currency a unit and year",
    )  # fmt: skip
    shortage_cost: Amount | None = column(
        "What a missing unit costs: a visit that must be put off, a courier. How much is kept ready follows from it.",
        example="60", default=None, unit="currency a unit",
    )  # fmt: skip
    fill_rate: Target | None = column(
        "In place of shortage_cost: share of what is asked for that is to be there; 0.98 where both are empty.",
        example="0.98", default=None, instead_of="shortage_cost",
    )  # fmt: skip
    lead_days: Whole = column("Days from order to delivery, weekends counted.", example="3", default=1, unit="days")
    review_days: Positive | None = column(
        "An order can be made every so many days; empty: on every day.", example="7", default=None, unit="days"
    )
    review_from: Date | None = column(
        "A day on which an order can be made, to count review_days from; empty: Monday 5 January 1970.",
        example="2026-11-30", default=None,
    )  # fmt: skip
    shelf_days: Positive | None = column(
        "Days after its delivery on which it can be used; empty: it keeps.", example="180", default=None, unit="days"
    )
    supplier: Id | None = column("Who delivers it.", example="MEDCO", default=None)
    by_site: Flag = column("yes: each site keeps a stock of its own; no: one stock is for all.", example="no",
                           default=False)  # fmt: skip
    binding: Flag = column(
        "yes: no more visits are planned before a delivery than the stock lasts for; no: such visits are named alone.",
        example="no", default=False,
    )  # fmt: skip


class SupplyUse(Row):
    """What a visit of a type uses up."""

    table_name: ClassVar[str] = "supply_uses"
    key: ClassVar[tuple[str, ...]] = ("visit_type", "item")

    visit_type: Id = column("Of visits of this type.", example="vaccination", references="visit_types")
    item: Id = column("What is used.", example="flu-vaccine", references="supplies")
    amount: Used = column("How much, by a visit.", example="1", unit="units")
    chance: Share = column(
        "Share of these visits that use it. Only what every visit uses can keep visits from being planned.",
        example="0.4", default=1.0,
    )  # fmt: skip


class StockLot(Row):
    """What there is of an item, at a site where each keeps its own, lot by lot. No row: there is none."""

    table_name: ClassVar[str] = "stock"
    key: ClassVar[tuple[str, ...]] = ("item", "site", "lot")

    item: Id = column("What.", example="flu-vaccine", references="supplies")
    site: Id | None = column(
        "Where, for items with by_site; empty for all others.", example="MAIN", default=None, references="sites"
    )
    lot: Id | None = column("Lot that it belongs to; empty: not told apart.", example="AF12", default=None)
    amount: Amount = column("How much.", example="34", unit="units")
    expires: Date | None = column("Last day on which it can be used.", example="2027-03-31", default=None)
    counted: Date | None = column(
        "Day at whose end so much was there: visits of later days have used of it. Empty: it is there on the morning "
        "of the first day looked at.",
        example="2026-11-27", default=None,
    )  # fmt: skip


class SupplyOrder(Row):
    """What has been ordered; what has come is in stock."""

    table_name: ClassVar[str] = "supply_orders"
    key: ClassVar[tuple[str, ...]] = ("order",)

    order: Id = column("Id of the order of one item.", example="O17")
    item: Id = column("What.", example="flu-vaccine", references="supplies")
    site: Id | None = column(
        "For which site, for items with by_site; empty for all others.", example="MAIN", default=None,
        references="sites",
    )  # fmt: skip
    amount: Used = column("How much.", example="20", unit="units")
    ordered: Date | None = column("When it was ordered.", example="2026-11-25", default=None)
    due: Date = column("Day on which it is there when visits begin.", example="2026-12-02")
    received: Date | None = column("Day on which it came; empty: it has not.", example="2026-12-02", default=None)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ordered is not None and self.ordered > min(self.due, self.received or self.due):
            raise ValueError("expected ordered no later than due and received")
        return self


class StockMove(Row):
    """Why a stock has changed: something came, was counted, was used by visits, or was thrown away."""

    table_name: ClassVar[str] = "stock_moves"
    key: ClassVar[tuple[str, ...]] = ("move",)

    move: Id = column("Random id.", example="m3f9a0c1")
    item: Id = column("What.", example="flu-vaccine", references="supplies")
    site: Id | None = column("Where, for items with by_site.", example="MAIN", default=None, references="sites")
    lot: Id | None = column("Of which lot.", example="AF12", default=None)
    day: Date = column("When.", example="2026-12-02")
    kind: Literal["received", "used", "counted", "discarded"] = column("What happened.", example="received")
    before: Amount = column("How much there was.", example="4", unit="units")
    after: Amount = column("How much there is.", example="24", unit="units")
    order: Id | None = column("The order that it came for.", example="O17", default=None)
    reason: Text = column("Why, where somebody has said so.", example="broken seal", default="", private=True)


SUPPLIES_GIVEN: tuple[type[Row], ...] = (SupplyItem, SupplyUse, StockLot, SupplyOrder)
"""What an office brings, in a folder or in a store."""

SUPPLIES_KEPT: tuple[type[Row], ...] = (StockMove,)
"""What a store alone keeps."""
