"""How little a week can cost: prices of time and rooms, and the best pattern of each session at those prices."""
