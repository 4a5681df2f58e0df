from typing import Any
from uuid import uuid4

from typing_extensions import override

from ecoctrl_gql.db.batch_statements import insert_rows
from ecoctrl_gql.db.repositories.batches import BatchRepository
from ecoctrl_gql.db.statements import insert_row
from ecoctrl_gql.db.tables.alerts import AlertRow


class AlertRepository(BatchRepository[AlertRow]):
    row_type = AlertRow
    name = "alert"

    @override
    async def create(self, **values: Any) -> AlertRow:
        # Alerts come in swarms: what several requests raise at the same time goes in one statement, which
        # needs keys that are known before.
        values = {"id": str(uuid4())} | values
        names, returning = tuple(values), self._all_names
        created: AlertRow = await self._runner.insert(
            insert_row(AlertRow, names, returning),
            insert_rows(AlertRow, names, returning),
            "id",
            self._values(values),
        )
        self._loaders.clear()
        return created
