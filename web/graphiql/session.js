import { createApi } from './api.js';
import { createLogin } from './login.js';
import { createPasted } from './pasted.js';
import { createVault } from './vault.js';

/**
 * Who the requests are made as: by a token pasted into this tab, else by the login that the tabs
 * share, else nobody. Components see this object only.
 */
export function createSession({ endpoint, localStorage, sessionStorage }) {
  const listeners = new Set();
  const ask = createApi(endpoint);
  const login = createLogin({ ask, changed, vault: createVault(localStorage) });
  const pasted = createPasted({ ask, changed, storage: sessionStorage });
  let state = look();

  /** `identity` stays the same while tokens are renewed. */
  function look() {
    const token = pasted.getToken();
    if (token) {
      return { kind: 'token', identity: `token ${token}`, notice: pasted.getNotice(), user: pasted.getUser() };
    }
    const session = login.getSession();
    const notice = login.getNotice();
    if (session) return { kind: 'login', identity: `login ${session.id}`, notice, user: session.user };
    return { kind: 'nobody', identity: 'nobody', notice, user: null };
  }

  function changed() {
    state = look();
    listeners.forEach((listener) => listener());
  }

  async function headers() {
    const token = pasted.getToken() || (await login.freshToken());
    return token ? { authorization: `Bearer ${token}` } : {};
  }

  async function recover(authorization) {
    if (pasted.getToken()) pasted.refuse(authorization);
    else if (authorization) return login.renew(authorization.replace('Bearer ', '')).catch(() => false);
    return false;
  }

  function watchRenewal(authorization, listener) {
    const { identity } = state;
    let last = authorization;
    return subscribe(async () => {
      const renewed = (await headers()).authorization;
      if (state.identity !== identity || renewed === last) return;
      last = renewed;
      listener(renewed);
    });
  }

  /** Calls the listener after each change; returns the function that ends this. */
  function subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return {
    getState: () => state,
    subscribe,
    logIn: login.logIn,
    logOut: login.logOut,
    usePasted: pasted.use,

    /**
     * Who an operation is sent as, by its own headers where they hold a token.
     *
     * - headers(): the headers of a request made now; over a websocket, the payload of its connection_init.
     * - recover(authorization): whether another attempt has a chance after the server has refused this one.
     * - watchRenewal(authorization, listener): calls the listener with each one that takes its place, for
     *   as long as the identity stays; returns the function that ends this.
     */
    callerOf(own) {
      if (own.authorization) {
        return { headers: async () => own, recover: async () => false, watchRenewal: () => () => {} };
      }
      return { headers: async () => ({ ...own, ...(await headers()) }), recover, watchRenewal };
    },
  };
}
