import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';
import { Examples } from './Examples.jsx';
import { TokenBox } from './TokenBox.jsx';

const ICON = new URL('icon.svg', import.meta.url).href;

/** Shows the schema as the new user sees it, and restarts a running subscription as that user. */
function useFollowSession(session) {
  const { introspect, run, stop } = useGraphiQLActions();
  const subscription = useGraphiQL((state) => state.subscription);

  useEffect(
    () =>
      session.subscribe(() => {
        introspect();
        if (subscription) {
          stop();
          run();
        }
      }),
    [introspect, run, session, stop, subscription],
  );
}

export function Bar({ config, session }) {
  useFollowSession(session);
  return (
    <header className="graphiql-container ecoctrl-bar">
      <img alt="" height="24" src={ICON} width="24" />
      <strong className="ecoctrl-product">{config.product}</strong>
      <Examples examples={config.examples} />
      <TokenBox hint={config.tokenHint} session={session} />
    </header>
  );
}
