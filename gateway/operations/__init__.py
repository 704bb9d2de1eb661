"""What commands, API and console share in watching and repairing deliveries."""
