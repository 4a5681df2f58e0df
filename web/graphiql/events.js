import { createClient, NetworkError } from 'graphql-sse';
import { isUnauthenticated } from './api.js';

/** What the server answered in place of events, which is a GraphQL answer unless a proxy has made it. */
async function answerOf(error) {
  if (!(error instanceof NetworkError) || !error.response) return null;
  return error.response.json().catch(() => null);
}

/** A way to the server by server-sent events, where a proxy lets no websocket through. */
export function connectEvents({ caller, params, url }) {
  return (sink) => {
    let authorization;
    const client = createClient({
      url,
      retryAttempts: 0,
      async headers() {
        const headers = await caller.headers();
        authorization = headers.authorization;
        return headers;
      },
    });

    function next(answer) {
      if (isUnauthenticated(answer)) sink.refused(authorization, answer.errors);
      else sink.next(answer);
    }

    return client.subscribe(params, {
      next,
      complete: sink.complete,
      async error(error) {
        const answer = await answerOf(error);
        if (!answer) {
          sink.unreachable({ message: `The server could not be reached: ${error.message}` });
          return;
        }
        next(answer);
        sink.complete();
      },
    });
  };
}
