// Who the requests are made as. Components only see this object, so a login form with refresh
// can take the token box's place: it calls setToken, and headers() may wait for a fresh token.

const STORAGE_KEY = 'ecoctrl.accessToken';

/** Keeps the token in memory and in `storage`; pass sessionStorage, which ends with the browser tab. */
export function createSession(storage) {
  let token = storage?.getItem(STORAGE_KEY) ?? '';
  const listeners = new Set();

  return {
    getToken: () => token,

    setToken(next) {
      if (next === token) return;
      token = next;
      if (token) storage?.setItem(STORAGE_KEY, token);
      else storage?.removeItem(STORAGE_KEY);
      listeners.forEach((listener) => listener());
    },

    /** The headers of a request made now; over a websocket, the payload of its connection_init. */
    headers: async () => (token ? { authorization: `Bearer ${token}` } : {}),

    /** Calls the listener after each change of the token; returns the function that ends this. */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
