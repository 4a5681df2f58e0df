import { ME } from './api.js';

const KEY = 'ecoctrl.token';
const REFUSED = 'The server does not accept this token.';

/**
 * A token or API key that was pasted. `storage` is to be sessionStorage: it is this tab's alone and
 * ends with it, since the server may take such a token for years. `changed` is called after each change.
 */
export function createPasted({ ask, changed, storage }) {
  let token = storage?.getItem(KEY) ?? '';
  let user = null;
  let notice = '';

  async function lookUpUser(asked) {
    const found = await ask(ME, {}, asked).catch((error) => ({ error }));
    if (token !== asked) return;
    user = found.field ?? null;
    if (found.field === null || found.error?.code === 'UNAUTHENTICATED') notice = REFUSED;
    changed();
  }

  function use(next) {
    token = next;
    user = null;
    notice = '';
    if (token) storage?.setItem(KEY, token);
    else storage?.removeItem(KEY);
    changed();
    if (token) lookUpUser(token);
  }

  function refuse(authorization) {
    if (authorization !== `Bearer ${token}`) return;
    notice = REFUSED;
    changed();
  }

  if (token) lookUpUser(token);
  return { getNotice: () => notice, getToken: () => token, getUser: () => user, refuse, use };
}
