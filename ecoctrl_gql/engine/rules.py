"""Rules about a field that hold for all its parents alike."""

from typing import Any

from strawberry import Info
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver, SyncExtensionResolver


class FieldRule(FieldExtension):
    """
    Decides from the request alone whether a field may be resolved; a role's permission for instance.

    The engine asks once for a column and then resolves the field as fast as if it had no extension.
    Stock execution asks parent by parent, as it does with permission classes.
    """

    def check(self, info: Info[Any, Any]) -> None:
        """Refuse by raising; the error is that of the field, once for each parent."""
        raise NotImplementedError

    def resolve(self, next_: SyncExtensionResolver, source: Any, info: Info[Any, Any], **kwargs: Any) -> Any:
        self.check(info)
        return next_(source, info, **kwargs)

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info[Any, Any], **kwargs: Any
    ) -> Any:
        self.check(info)
        return await next_(source, info, **kwargs)


def is_rule(extension: FieldExtension) -> bool:
    """Whether the extension is a rule and nothing more."""
    kind = type(extension)
    return isinstance(extension, FieldRule) and (kind.resolve, kind.resolve_async, kind.map_arguments) == (
        FieldRule.resolve,
        FieldRule.resolve_async,
        FieldRule.map_arguments,
    )
