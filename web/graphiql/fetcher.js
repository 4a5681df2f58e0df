import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { getOperationAST } from 'graphql';
import { createClient } from 'graphql-ws';

function lowerCaseKeys(headers = {}) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function isSubscription(document, operationName) {
  return document && getOperationAST(document, operationName)?.operation === 'subscription';
}

function readableError(error) {
  if (!(error instanceof CloseEvent)) return error;
  return new Error(`The server closed the connection: ${error.code} ${error.reason}`.trim());
}

/**
 * The operation's events as an observable, over a socket of its own: a socket keeps the credentials
 * it was opened with. It isn't retried: a refused token would hide behind half a minute of attempts.
 */
function observe(url, params, headers) {
  const client = createClient({ url, connectionParams: headers, retryAttempts: 0 });
  return {
    subscribe(sink) {
      let live = true;
      // The client reports the end of what was unsubscribed too, and later: GraphiQL would take it
      // for the end of the operation that it runs by then.
      const whileLive = (report) => (value) => live && report(value);
      const dispose = client.subscribe(params, {
        next: whileLive(sink.next),
        error: whileLive((error) => sink.error(readableError(error))),
        complete: whileLive(sink.complete),
      });
      return {
        unsubscribe() {
          live = false;
          dispose();
        },
      };
    },
  };
}

/**
 * Sends GraphiQL's operations: subscriptions by graphql-transport-ws, all others by POST.
 * Both carry the session's headers and those of the headers tab, which win.
 */
export function createFetcher({ endpoint, session }) {
  const url = new URL(endpoint, window.location.href).href;
  const post = createGraphiQLFetcher({ url, enableIncrementalDelivery: false });

  return async (params, options = {}) => {
    const headers = { ...(await session.headers()), ...lowerCaseKeys(options.headers) };
    return isSubscription(options.documentAST, params.operationName)
      ? observe(url.replace(/^http/, 'ws'), params, headers)
      : post(params, { ...options, headers });
  };
}
