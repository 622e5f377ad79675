"""The measures, one file each: what is counted, what is not, and who has said so."""
