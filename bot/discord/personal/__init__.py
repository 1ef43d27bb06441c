"""What is kept of people: exported, removed, and forgotten after its time."""
