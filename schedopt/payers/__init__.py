"""What goes to payers and comes back: between the X12 of the wire and the values of billing."""
