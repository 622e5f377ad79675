"""What a service may cost: fee schedules and contracts."""
