"""The GraphQL schema, merged from the domains."""

from typing import cast

import strawberry
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    NoSchemaIntrospectionCustomRule,
)
from strawberry.schema.config import StrawberryConfig

import ecoctrl_gql.api.enums  # noqa: F401  # makes enums of the database's closed sets before types use them
from ecoctrl_gql.accounts.mutations import AccountMutation
from ecoctrl_gql.accounts.queries import AccountQuery
from ecoctrl_gql.alerts.mutations import AlertMutation
from ecoctrl_gql.alerts.queries import AlertQuery
from ecoctrl_gql.alerts.subscriptions import AlertSubscription
from ecoctrl_gql.api.access import SUPER_ADMINS, VIEWERS, refusals
from ecoctrl_gql.api.node import type_name, type_names
from ecoctrl_gql.api.roots import NodeQuery
from ecoctrl_gql.api.scalars import SCALARS
from ecoctrl_gql.carbon.queries import CarbonQuery
from ecoctrl_gql.config import Settings
from ecoctrl_gql.dashboards.queries import DashboardQuery
from ecoctrl_gql.db.records import row_type_of
from ecoctrl_gql.devices.queries import DeviceQuery
from ecoctrl_gql.energy.queries import EnergyQuery
from ecoctrl_gql.engine import ColumnarExecutor, OperationCache, PreparedSchema, StockExecutor
from ecoctrl_gql.events.queries import EventQuery
from ecoctrl_gql.faults.mutations import FaultMutation
from ecoctrl_gql.faults.queries import FaultQuery
from ecoctrl_gql.faults.subscriptions import FaultSubscription
from ecoctrl_gql.files.queries import FileQuery
from ecoctrl_gql.http.errors import MaskingSchema
from ecoctrl_gql.http.limits import PARSE_LIMITS, limit_errors
from ecoctrl_gql.iot.queries import IotQuery
from ecoctrl_gql.maintenance.mutations import MaintenanceMutation
from ecoctrl_gql.maintenance.queries import MaintenanceQuery
from ecoctrl_gql.maintenance.subscriptions import MaintenanceSubscription
from ecoctrl_gql.messages.queries import MessageQuery
from ecoctrl_gql.messages.subscriptions import MessageSubscription
from ecoctrl_gql.notifications.mutations import NotificationMutation
from ecoctrl_gql.notifications.queries import NotificationQuery
from ecoctrl_gql.notifications.subscriptions import NotificationSubscription
from ecoctrl_gql.platform.mutations import PlatformMutation
from ecoctrl_gql.platform.queries import PlatformQuery
from ecoctrl_gql.reports.queries import ReportQuery
from ecoctrl_gql.workflows.mutations import WorkflowMutation
from ecoctrl_gql.workflows.queries import WorkflowQuery
from ecoctrl_gql.workflows.runs.mutations import WorkflowRunMutation
from ecoctrl_gql.workflows.subscriptions import WorkflowSubscription


@strawberry.type(description="All that can be read.", directives=[VIEWERS])
class Query(
    NodeQuery,
    AlertQuery,
    FaultQuery,
    DeviceQuery,
    MaintenanceQuery,
    NotificationQuery,
    MessageQuery,
    EnergyQuery,
    CarbonQuery,
    IotQuery,
    DashboardQuery,
    WorkflowQuery,
    ReportQuery,
    FileQuery,
    PlatformQuery,
    AccountQuery,
    EventQuery,
):
    pass


@strawberry.type(description="All that can be changed.", directives=[SUPER_ADMINS])
class Mutation(
    AccountMutation,
    AlertMutation,
    FaultMutation,
    MaintenanceMutation,
    NotificationMutation,
    PlatformMutation,
    WorkflowMutation,
    WorkflowRunMutation,
):
    pass


@strawberry.type(
    description="All that can be followed: each event comes once, in an order in which no effect precedes its"
    " cause. What a payload shows of its thing is as it was at the event.",
    directives=[VIEWERS],
)
class Subscription(
    AlertSubscription,
    FaultSubscription,
    MaintenanceSubscription,
    NotificationSubscription,
    MessageSubscription,
    WorkflowSubscription,
):
    pass


class ApiSchema(MaskingSchema, PreparedSchema):
    """The schema with its errors masked, and fast for what it has seen before."""


def build_schema(settings: Settings | None = None) -> strawberry.Schema:
    """The schema as the settings want it; without any, as it is exported."""
    production = settings is not None and settings.production
    introspection = settings is None or settings.introspection_enabled
    engine = settings is None or settings.engine
    cache = OperationCache(
        parse_options=PARSE_LIMITS,
        check=limit_errors,
        admit=refusals,
        rules=() if introspection else (NoSchemaIntrospectionCustomRule,),
    )
    built = ApiSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=[cache],
        execution_context_class=ColumnarExecutor if engine else StockExecutor,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=production),
    )
    let_records_stand_for_types(built)
    return built


def let_records_stand_for_types(built: strawberry.Schema) -> None:
    """
    Tell the type of a record by the table that it was read from.

    Strawberry would ask of every object of every list whether it is an instance of its type.
    """
    types = built._schema.type_map
    for name in type_names():
        if name in types:  # else nothing leads to it
            cast(GraphQLObjectType, types[name]).is_type_of = None
    for type_ in types.values():
        if isinstance(type_, GraphQLUnionType) or type_ is types["Node"]:
            cast(GraphQLInterfaceType, type_).resolve_type = lambda record, *_: type_name(row_type_of(record))
