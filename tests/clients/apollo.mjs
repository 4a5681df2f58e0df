import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient as createSocket } from 'graphql-ws';
import WebSocket from 'ws';

const [url, socketUrl] = process.argv.slice(2);
const socket = createSocket({ url: socketUrl, webSocketImpl: WebSocket });
const split = ApolloLink.split(
  ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
  new GraphQLWsLink(socket),
  new HttpLink({ uri: url }),
);
const make = (link) =>
  new ApolloClient({ link, cache: new InMemoryCache(), defaultOptions: { query: { errorPolicy: 'all' } } });
const plain = ({ data, error }) => ({
  data: data ?? null,
  codes: CombinedGraphQLErrors.is(error) ? error.errors.map((e) => e.extensions.code) : [],
  other: error && !CombinedGraphQLErrors.is(error) ? error.name : null,
});
const collect = (client, query) =>
  new Promise((resolve, reject) => {
    const results = [];
    client.subscribe({ query }).subscribe({
      next: (result) => results.push(plain(result)),
      complete: () => resolve(results),
      error: reject,
    });
  });

const client = make(split);
const HELLO = gql`query Hello($n: String!) { hello(name: $n) }`;
const results = {
  query: plain(await client.query({ query: HELLO, variables: { n: 'you' } })),
  byGet: plain(
    await make(new HttpLink({ uri: url, useGETForQueries: true })).query({ query: HELLO, variables: { n: 'you' } }),
  ),
  mutation: plain(await client.mutate({ mutation: gql`mutation { touch }` })),
  invalid: plain(await client.query({ query: gql`{ nothing }` })),
  field: plain(await client.query({ query: gql`{ hello forbidden }` })),
  fault: plain(await client.query({ query: gql`{ broken }` })),
  socket: await collect(client, gql`subscription { count(to: 3) }`),
  parts: await collect(make(new HttpLink({ uri: url })), gql`subscription { count(to: 3) }`),
  batched: plain(await make(new BatchHttpLink({ uri: url })).query({ query: HELLO, variables: { n: 'you' } })),
};
console.log(JSON.stringify(results));
process.exit();
