import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { getOperationAST } from 'graphql';
import { isUnauthenticated } from './api.js';
import { connectEvents } from './events.js';
import { connectSocket } from './socket.js';
import { observe } from './stream.js';

function lowerCaseKeys(headers = {}) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function kindOf(document, operationName) {
  return document && getOperationAST(document, operationName)?.operation;
}

/**
 * Sends GraphiQL's operations: subscriptions by graphql-transport-ws, or as server-sent events where
 * no websocket opens; all others by POST. All carry the session's headers and those of the headers
 * tab, which win. What is refused because a token has expired is sent once more with a new one.
 */
export function createFetcher({ endpoint, session }) {
  const url = new URL(endpoint, window.location.href).href;
  const post = createGraphiQLFetcher({ url, enableIncrementalDelivery: false });

  async function answer(params, options, caller, kind) {
    const headers = await caller.headers();
    const first = await post(params, { ...options, headers });
    // A mutation that has answered data may have changed some.
    if (!isUnauthenticated(first) || (kind === 'mutation' && first.data)) return first;
    if (!(await caller.recover(headers.authorization))) return first;
    return post(params, { ...options, headers: await caller.headers() });
  }

  return async (params, options = {}) => {
    const caller = session.callerOf(lowerCaseKeys(options.headers));
    const kind = kindOf(options.documentAST, params.operationName);
    if (kind !== 'subscription') return answer(params, options, caller, kind);
    const operation = { caller, params, url };
    return observe([connectSocket(operation), connectEvents(operation)], caller);
  };
}
