"""Random schemas, operations and behaviour of resolvers, the same for the same seed."""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

LEAF_VALUES: dict[str, list[Any]] = {
    "Int": [0, 7, True, 2**31, "12", "x", 1.0, 1.5],
    "String": ["", "text", 3, False, object()],
    "Float": [0.5, 2, float("nan"), "1.5", 10**400],
    "Boolean": [True, False, 1, "no"],
    "ID": ["id", 5, 1.5],
    "Color": ["red", "green", "blue", 4],
}


class Thing:
    """An object of the random data: its key decides all that happens below it."""

    def __init__(self, key: str, type_name: str) -> None:
        self.key, self.type_name = key, type_name


class World:
    """
    One random schema with data.

    What a resolver does depends only on the seed, the object and the field, never on the order of calls.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.seed = seed
        self.trouble = self.random.choice([0.0, 0.05, 0.15])
        self.patience = self.random.choice([0.0, 0.2, 0.6])
        self.coroutines: list[Coroutine[Any, Any, Any]] = []
        self.log: list[str] = []
        self._build()

    def _build(self) -> None:
        color = GraphQLEnumType("Color", {"RED": "red", "GREEN": "green"})
        self._leaves = [GraphQLInt, GraphQLString, GraphQLFloat, GraphQLBoolean, GraphQLID, color]
        names = [f"T{index}" for index in range(self.random.randint(2, 4))]
        shared = {f"s{index}": self.random.choice(self._leaves) for index in range(2)}
        async_types = self.random.random() < 0.3
        self._asks_types = self.random.random() < 0.5
        resolve_type = None if self._asks_types else self._type_resolver(async_types)
        node = GraphQLInterfaceType("Node", lambda: self._shared_fields(shared), resolve_type=resolve_type)
        self.objects = [
            GraphQLObjectType(
                name,
                (lambda name=name: self._shared_fields(shared) | self._fields(name)),
                interfaces=[node],
                is_type_of=self._type_check(name, async_types) if self._asks_types else None,
            )
            for name in names
        ]
        union = GraphQLUnionType("Either", self.objects[:2], resolve_type=resolve_type)
        self._composites = [*self.objects, node, union]
        self._types = {name: self._field_types(name) for name in [*names, "Query"]}
        query = GraphQLObjectType("Query", lambda: self._fields("Query"))
        mutation = GraphQLObjectType("Mutation", lambda: self._fields("Query"))
        self.schema = GraphQLSchema(query, mutation, types=self.objects)

    def _field_types(self, owner: str) -> dict[str, Any]:
        share = 0.3 if owner == "Query" else 0.6
        types = {}
        for index in range(self.random.randint(3, 5)):
            is_leaf = self.random.random() < share
            type_: Any = self.random.choice(self._leaves if is_leaf else self._composites)
            for _ in range(self.random.choice([0, 0, 1, 1, 2])):
                type_ = GraphQLList(self._maybe_required(type_))
            types[f"f{index}"] = self._maybe_required(type_)
        return types

    def _maybe_required(self, type_: Any) -> Any:
        return GraphQLNonNull(type_) if self.random.random() < 0.3 else type_

    def _fields(self, owner: str) -> dict[str, GraphQLField]:
        arguments = {"n": GraphQLArgument(GraphQLInt, default_value=1)}
        return {
            name: GraphQLField(type_, args=arguments, resolve=self._resolver(name, type_))
            for name, type_ in self._types[owner].items()
        }

    def _shared_fields(self, shared: dict[str, Any]) -> dict[str, GraphQLField]:
        return {
            name: GraphQLField(type_, resolve=self._resolver(name, type_)) for name, type_ in shared.items()
        }

    def _resolver(self, name: str, type_: Any) -> Callable[..., Any]:
        def resolve(source: Thing, info: Any, n: int = 0) -> Any:
            key = f"{source.key}.{name}({n})"
            if source.key == "root":
                self.log.append(str(info.path.key))
            return self._value(key, type_, at_resolver=True)

        return resolve

    def _value(self, key: str, type_: Any, at_resolver: bool = False) -> Any:
        random = Random(f"{self.seed} {key}")
        if random.random() < self.patience / (1 if at_resolver else 4):
            return self._later(random, key, type_, random.randint(0, 2))
        return self._value_now(random, key, type_, at_resolver)

    def _later(self, random: Random, key: str, type_: Any, turns: int) -> Any:
        async def wait() -> Any:
            for _ in range(turns):
                await asyncio.sleep(0)
            return self._value_now(random, key, type_, True)

        coroutine = wait()
        self.coroutines.append(coroutine)
        return coroutine

    def _value_now(self, random: Random, key: str, type_: Any, may_raise: bool) -> Any:
        luck = random.random()
        if luck < self.trouble and may_raise:
            raise ValueError(f"raised at {key}")
        if luck < self.trouble * 1.5:
            return ValueError(f"returned at {key}")
        if luck < self.trouble * 1.5 + 0.05:
            return None
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        if isinstance(type_, GraphQLList):
            return self._list(random, key, type_.of_type)
        if is_leaf_type(type_):
            values = LEAF_VALUES[type_.name]
            return random.choice(values) if random.random() < self.trouble else values[0]
        return Thing(key, self._type_name(random, type_))

    def _list(self, random: Random, key: str, item: Any) -> Any:
        items = [self._value(f"{key}[{index}]", item) for index in range(random.randint(0, 3))]
        kind = random.randint(0, 9)
        return tuple(items) if kind == 0 else iter(items) if kind == 1 else items

    def _type_name(self, random: Random, type_: Any) -> str:
        if random.random() < self.trouble / 3:
            return "Nowhere"
        possible = self.schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
        return random.choice([each.name for each in possible])

    def _type_resolver(self, later: bool) -> Callable[..., Any]:
        return lambda value, *_: self._perhaps_later(value.type_name, later)

    def _type_check(self, name: str, later: bool) -> Callable[..., Any]:
        return lambda value, _: self._perhaps_later(value.type_name == name, later)

    def _perhaps_later(self, value: Any, later: bool) -> Any:
        async def wait() -> Any:
            await asyncio.sleep(0)
            return value

        if later:
            self.coroutines.append(wait())
        return self.coroutines[-1] if later else value


class Operation:
    """A random operation on a world's schema, and its variables."""

    def __init__(self, world: World) -> None:
        self._random, self._world = world.random, world
        self._fragments: dict[str, str] = {}
        self.is_mutation = self._random.random() < 0.2
        root = world.schema.mutation_type if self.is_mutation else world.schema.query_type
        body = self._selection(root, 0)
        self.variables = {"yes": True, "no": False}
        keyword = "mutation" if self.is_mutation else "query"
        self.text = f"{keyword} ($yes: Boolean!, $no: Boolean!) {body} " + " ".join(self._fragments.values())

    def _selection(self, type_: Any, depth: int) -> str:
        parts = ["__typename"] if self._random.random() < 0.3 else []
        fields = getattr(type_, "fields", {})
        names = self._random.choices(list(fields), k=self._random.randint(1, 4)) if fields else []
        parts += [self._field(type_, name, depth) for name in names]
        if is_abstract_type(type_):
            parts += [self._fragment(each, depth) for each in self._world.schema.get_possible_types(type_)]
        elif self._random.random() < 0.2:
            parts.append(self._fragment(type_, depth))
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def _field(self, type_: Any, name: str, depth: int) -> str:
        field_type = get_named_type(type_.fields[name].type)
        is_leaf = is_leaf_type(field_type)
        if not is_leaf and depth >= 3:
            return "__typename"
        key, arguments = name, ""
        if name.startswith("f") and self._random.random() < 0.3:
            number = self._random.randint(1, 3)
            key, arguments = f"a{number}{name}: {name}", f"(n: {number})"
        below = "" if is_leaf else " " + self._selection(field_type, depth + 1)
        return f"{key}{arguments}{self._condition()}{below}"

    def _fragment(self, type_: Any, depth: int) -> str:
        if depth >= 3:
            return "__typename"
        if self._random.random() < 0.5:
            return f"... on {type_.name}{self._condition()} {self._selection(type_, depth + 1)}"
        name = f"F{len(self._fragments)}"
        self._fragments[name] = ""  # takes the name before those within
        self._fragments[name] = f"fragment {name} on {type_.name} {self._selection(type_, depth + 1)}"
        return f"...{name}{self._condition()}"

    def _condition(self) -> str:
        conditions = ["@skip(if: $no)", "@include(if: $yes)", "@skip(if: $yes)", "@include(if: false)"]
        return " " + self._random.choice(conditions) if self._random.random() < 0.15 else ""
