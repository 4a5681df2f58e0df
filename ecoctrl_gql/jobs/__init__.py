"""What the server does by itself, without anybody asking."""

from ecoctrl_gql.faults.service import refresh_snapshot
from ecoctrl_gql.jobs.daily import Job
from ecoctrl_gql.maintenance.service import mark_overdue
from ecoctrl_gql.messages.retention import remove_old_messages

DAILY_JOBS: tuple[Job, ...] = (mark_overdue, refresh_snapshot, remove_old_messages)
"""What is done when a day begins at the site."""
