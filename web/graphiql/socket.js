import { createClient } from 'graphql-ws';

const EXPIRED = 4401;
const REVOKED = 4403;

/** What GraphiQL is to show; of an Error it would show the stack too. */
function readable(error) {
  if (error instanceof CloseEvent) {
    return { message: `The server closed the connection: ${error.code} ${error.reason}`.trim() };
  }
  return error instanceof Event ? { message: 'The connection to the server was lost.' } : error;
}

/** A way to the server by graphql-transport-ws, with a socket of its own for each operation. */
export function connectSocket({ caller, params, url }) {
  return (sink) => {
    let authorization;
    let opened = false;
    let unwatch = () => {};

    /** Tells the open socket the token that has taken the place of its own, so that it stays open. */
    function renew(socket, renewed) {
      authorization = renewed;
      socket.send(JSON.stringify({ type: 'ping', payload: { authorization } }));
    }

    const client = createClient({
      url: url.replace(/^http/, 'ws'),
      retryAttempts: 0,
      async connectionParams() {
        const payload = await caller.headers();
        authorization = payload.authorization;
        return payload;
      },
      on: {
        opened() {
          opened = true;
        },
        connected(socket) {
          unwatch = caller.watchRenewal(authorization, (renewed) => renew(socket, renewed));
        },
        closed: () => unwatch(),
      },
    });
    return client.subscribe(params, {
      next: sink.next,
      complete: sink.complete,
      error(error) {
        if (error.code === EXPIRED || error.code === REVOKED) sink.refused(authorization, readable(error));
        else if (opened) sink.error(readable(error));
        else sink.unreachable(readable(error));
      },
    });
  };
}
