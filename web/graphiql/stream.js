// A connection that ends sooner than this was not refused for the age of its token.
const SHORT_LIFE_MS = 5_000;

/**
 * The operation's events as an observable.
 *
 * `ways` lead to the server, the best first: functions that are given a sink and give the function
 * that ends the connection. Besides next, error and complete, a sink has
 * - unreachable(error): this way is closed, so the next one is tried;
 * - refused(authorization, error): the token is not accepted any more, but there may be a newer one.
 *
 * Nothing else is tried again: a failure would hide behind half a minute of attempts.
 */
export function observe(ways, caller) {
  return {
    subscribe(sink) {
      let current = 0;
      let end = () => {};

      function open([way, ...others], isRetry) {
        const connection = (current += 1);
        const openedAt = Date.now();

        // The clients report the end of what was left too, and later: GraphiQL would take it for
        // the end of the operation that it runs by then.
        const ifCurrent = (report) => (...values) => connection === current && report(...values);

        async function refused(authorization, error) {
          const inVain = isRetry && Date.now() - openedAt < SHORT_LIFE_MS;
          const again = !inVain && (await caller.recover(authorization));
          if (connection !== current) return;
          end();
          if (again) open([way, ...others], true);
          else sink.error(error);
        }

        function unreachable(error) {
          if (others.length) open(others, false);
          else sink.error(error);
        }

        end = way({
          next: ifCurrent(sink.next),
          error: ifCurrent(sink.error),
          complete: ifCurrent(sink.complete),
          refused: ifCurrent(refused),
          unreachable: ifCurrent(unreachable),
        });
      }

      open(ways, false);
      return {
        unsubscribe() {
          current = 0;
          end();
        },
      };
    },
  };
}
