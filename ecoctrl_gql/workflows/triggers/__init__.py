"""What starts workflows, as far as it needs no database: schedules, watched values, webhooks, events."""
