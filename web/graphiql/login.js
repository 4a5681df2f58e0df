import { LOGIN, LOGOUT, REFRESH, Refusal } from './api.js';
import { exclusively } from './vault.js';

const MARGIN_MS = 60_000;
const MARGIN_SHARE = 1 / 3;
const RETRY_AFTER_S = 10;
const PASSING = ['INTERNAL_ERROR', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'TIMEOUT'];

const ENDED = 'Your session has ended. Please log in again.';
const ENDED_ELSEWHERE = 'The session has ended in another tab of this browser. Please log in again.';
const NOT_TOLD = 'You are logged out here, but the server could not be told, so the session lasts until it expires.';

/** What is kept of a login or refresh. `renewAt` is by this machine's clock, shortly before the token expires. */
function sessionOf({ field, serverTime }, id) {
  const { accessToken, expiresAt, refreshToken, user } = field;
  const lifeMs = Date.parse(expiresAt) - serverTime;
  const renewAt = Date.now() + lifeMs - Math.min(MARGIN_MS, lifeMs * MARGIN_SHARE);
  return { id, accessToken, refreshToken, renewAt, user };
}

/** Whether the session is over, and not only the server out of reach or busy. */
function isFinal(error) {
  return error instanceof Refusal && !PASSING.includes(error.code);
}

/**
 * The session that all tabs of this browser share. `changed` is called after each change of it.
 *
 * A refresh token works once: whoever wants a new pair takes the lock, then looks in the vault
 * whether another tab has brought one meanwhile.
 */
export function createLogin({ ask, changed, vault }) {
  let session = vault.read();
  let notice = '';
  let timer;
  let renewal = null;

  function adopt(next, nextNotice = '') {
    session = next;
    notice = nextNotice;
    clearTimeout(timer);
    if (session) renewIn(session.renewAt - Date.now());
    changed();
  }

  function keep(next, nextNotice) {
    vault.write(next);
    adopt(next, nextNotice);
  }

  function renewIn(delayMs) {
    clearTimeout(timer);
    timer = setTimeout(() => renew(session.accessToken).catch(tryLater), Math.max(0, delayMs));
  }

  function tryLater(error) {
    if (session) renewIn((error.retryAfterS ?? RETRY_AFTER_S) * 1_000);
  }

  /** Shows what another tab has left in the vault; false when that is no session. */
  function follow() {
    const next = vault.read();
    if (next) adopt(next);
    else adopt(null, session ? ENDED_ELSEWHERE : notice);
    return next !== null;
  }

  async function exchange(staleToken) {
    const before = vault.read();
    if (before?.accessToken !== staleToken) return follow();
    let next = null;
    try {
      next = sessionOf(await ask(REFRESH, { input: { refreshToken: before.refreshToken } }), before.id);
    } catch (error) {
      if (!isFinal(error)) throw error;
    }
    // Without locks, another tab may have refreshed or logged out during the request.
    if (vault.read()?.accessToken !== staleToken) return follow();
    keep(next, next ? '' : ENDED);
    return next !== null;
  }

  /**
   * Puts a new pair in the place of the access token that is or will soon be refused.
   *
   * False means that the session is over; an error, that the server can't tell.
   */
  function renew(staleToken) {
    renewal ??= exclusively(() => exchange(staleToken)).finally(() => {
      renewal = null;
    });
    return renewal;
  }

  async function logIn(login, password) {
    const answer = await ask(LOGIN, { input: { login, password } });
    keep(sessionOf(answer, `${Date.now()}-${Math.random()}`));
  }

  async function logOut() {
    const token = await freshToken();
    await exclusively(async () => {
      if (!vault.read()) return;
      keep(null);
      await ask(LOGOUT, {}, token).catch(() => adopt(null, NOT_TOLD));
    });
  }

  /** The access token, renewed when that is due; a timer may sleep as long as the machine did. */
  async function freshToken() {
    // Out of reach: the old token may last a little longer, and else the answer will say so.
    if (session && Date.now() >= session.renewAt) await renew(session.accessToken).catch(tryLater);
    return session?.accessToken;
  }

  vault.watch(follow);
  if (session) renewIn(session.renewAt - Date.now());
  return { freshToken, getNotice: () => notice, getSession: () => session, logIn, logOut, renew };
}
