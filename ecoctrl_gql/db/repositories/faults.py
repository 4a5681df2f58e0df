from ecoctrl_gql.db.repositories.batches import BatchRepository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.faults import FaultRow

ACT_AS: Statement[None] = Statement(
    "SELECT set_config('ecoctrl.user_id', %(user_id)s, true), set_config('ecoctrl.note', %(note)s, true)",
    lambda _: None,
)


class FaultRepository(BatchRepository[FaultRow]):
    row_type = FaultRow
    name = "fault"

    async def act_as(self, user_id: str, note: str | None) -> None:
        """
        Say who changes the status of faults in the rest of a transaction, and why, for their history.

        On a repository outside of a transaction it says nothing.
        """
        await self._runner.fetch(ACT_AS, {"user_id": user_id, "note": note or ""})
