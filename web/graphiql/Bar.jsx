import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { Account } from './Account.jsx';
import { Examples } from './Examples.jsx';

const ICON = new URL('icon.svg', import.meta.url).href;

/** Shows the schema as the new user sees it, and restarts a running subscription as that user. */
function useFollowIdentity({ identity, kind }) {
  const { introspect, run, stop } = useGraphiQLActions();
  const subscription = useGraphiQL((state) => state.subscription);
  const shown = useRef(identity);

  useEffect(() => {
    if (shown.current === identity) return;
    shown.current = identity;
    introspect();
    if (!subscription) return;
    stop();
    if (kind !== 'nobody') run();
  }, [identity, introspect, kind, run, stop, subscription]);
}

export function Bar({ config, session }) {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  useFollowIdentity(state);
  return (
    <header className="graphiql-container ecoctrl-bar">
      <img alt="" height="24" src={ICON} width="24" />
      <strong className="ecoctrl-product">{config.product}</strong>
      <Examples examples={config.examples} />
      <Account config={config} session={session} state={state} />
    </header>
  );
}
