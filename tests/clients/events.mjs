import { createClient } from 'graphql-sse';

const [url] = process.argv.slice(2);
const client = createClient({ url, retryAttempts: 0 });

async function collect(query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  return results;
}

const results = {
  query: await collect('query ($n: String!) { hello(name: $n) }', { n: 'you' }),
  mutation: await collect('mutation { touch }'),
  subscription: await collect('subscription { count }'),
  together: await Promise.all([1, 2, 3].map((to) => collect(`subscription { count(to: ${to}) }`))),
  invalid: await collect('{ nothing }'),
};
const left = client.iterate({ query: 'subscription { count(to: 1000, waitS: 0.01) }' });
results.left = (await left.next()).value;
await left.return();
client.dispose();
console.log(JSON.stringify(results));
process.exit();
