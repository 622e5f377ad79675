"""Control charts: limits, the rules that tell a change from noise, and drawings."""
