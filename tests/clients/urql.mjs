import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { createClient as createSocket } from 'graphql-ws';
import WebSocket from 'ws';

const [url, socketUrl] = process.argv.slice(2);
const plain = ({ data, error }) => ({
  data: data ?? null,
  codes: (error?.graphQLErrors ?? []).map((e) => e.extensions.code),
  network: error?.networkError?.message ?? null,
});

const byFetch = new Client({ url, exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod: false });
const socket = createSocket({ url: socketUrl, webSocketImpl: WebSocket });
const bySocket = new Client({
  url,
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

const collect = (client, query) =>
  new Promise((resolve) => {
    const results = [];
    client.subscription(query, {}).subscribe((result) => {
      // Once the stream ends urql repeats the last result, to say that no more will come.
      if (result.hasNext) results.push(plain(result));
      else resolve(results);
    });
  });

const HELLO = gql`query ($n: String!) { hello(name: $n) }`;
const results = {
  query: plain(await byFetch.query(HELLO, { n: 'you' })),
  byGet: plain(await byFetch.query(HELLO, { n: 'you' }, { preferGetMethod: 'force' })),
  mutation: plain(await byFetch.mutation(gql`mutation { touch }`, {})),
  invalid: plain(await byFetch.query(gql`{ nothing }`, {})),
  field: plain(await byFetch.query(gql`{ hello forbidden }`, {})),
  events: await collect(byFetch, gql`subscription { count(to: 3) }`),
  socket: await collect(bySocket, gql`subscription { count(to: 3) }`),
};
const file = new File(['12345'], 'a.txt');
const preflight = { fetchOptions: { headers: { 'Apollo-Require-Preflight': 'true' } } };
const UPLOAD = gql`mutation ($file: Upload!) { upload(file: $file) }`;
results.upload = plain(await byFetch.mutation(UPLOAD, { file }, preflight));
results.uploadWithoutHeader = plain(await byFetch.mutation(UPLOAD, { file }));
console.log(JSON.stringify(results));
process.exit();
