import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [, url] = process.argv.slice(2);
const connect = (options = {}) =>
  createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, onNonLazyError: () => {}, ...options });

async function collect(client, query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  return results;
}

async function failure(client, query) {
  try {
    await collect(client, query);
  } catch (error) {
    return Array.isArray(error) ? { errors: error } : { code: error.code, reason: error.reason };
  }
}

const client = connect();
const results = {
  query: await collect(client, 'query ($n: String!) { hello(name: $n) }', { n: 'you' }),
  mutation: await collect(client, 'mutation { touch }'),
  subscription: await collect(client, 'subscription { count }'),
  together: await Promise.all([1, 2, 3].map((to) => collect(client, `subscription { count(to: ${to}) }`))),
  syntaxError: await failure(client, '{'),
  invalid: await failure(client, '{ nothing }'),
  field: await collect(client, '{ forbidden }'),
};
const left = client.iterate({ query: 'subscription { count(to: 1000, waitS: 0.01) }' });
results.left = (await left.next()).value;
await left.return();
results.afterwards = await collect(client, '{ hello }');
await client.dispose();

results.refused = await failure(connect({ connectionParams: { authorization: 'Bearer expired' } }), '{ hello }');
console.log(JSON.stringify(results));
process.exit();
