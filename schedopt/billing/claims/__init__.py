"""Claims from the visit to the payer's decision: contents, edits, days of filing, states."""
