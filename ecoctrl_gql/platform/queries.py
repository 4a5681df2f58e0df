import strawberry

from ecoctrl_gql.api.roots import only_row
from ecoctrl_gql.platform.types import BackupSchedule, PlatformConfig


@strawberry.type
class PlatformQuery:
    platform_config = only_row(PlatformConfig, "The configuration of the platform.")
    backup_schedule = only_row(BackupSchedule, "When the next backup is due; null while none is planned.")
