import strawberry

from ecoctrl_gql.api.access import ANYONE
from ecoctrl_gql.api.roots import only_row
from ecoctrl_gql.platform.types import BackupSchedule, PlatformConfig, PublicConfig


@strawberry.type
class PlatformQuery:
    platform_config = only_row(PlatformConfig, "The configuration of the platform.")
    public_config = only_row(PublicConfig, "What everybody may know of the platform.", rule=ANYONE)
    backup_schedule = only_row(BackupSchedule, "When the next backup is due; null while none is planned.")
