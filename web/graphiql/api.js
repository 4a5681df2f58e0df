// The page's own operations, beside those of the editor: they are in no tab and no history.

const PATIENCE_MS = 20_000;

/** The server's refusal: its sentence, its code, and for RATE_LIMITED the seconds to wait. */
export class Refusal extends Error {
  constructor({ code, extensions = {}, message }) {
    super(message);
    this.code = code ?? extensions.code ?? '';
    this.retryAfterS = extensions.retryAfter;
  }
}

/** Whether the answer says that the caller's token is not, or no longer, accepted. */
export function isUnauthenticated({ errors }) {
  return errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') ?? false;
}

/** What the one field of the operation answers. */
function fieldOf(answer) {
  if (answer.errors?.length) throw new Refusal(answer.errors[0]);
  const [payload] = Object.values(answer.data);
  if (payload?.userErrors?.length) throw new Refusal(payload.userErrors[0]);
  return payload;
}

/**
 * Makes the function that runs an operation of one field and gives that field's value.
 *
 * It throws a Refusal where the server refuses, and another error where the server can't be reached.
 * `serverTime` is the server's clock in milliseconds, since the one of this machine may be wrong.
 */
export function createApi(endpoint) {
  return async (query, variables, accessToken) => {
    const response = await fetch(endpoint, {
      body: JSON.stringify({ query, variables }),
      headers: {
        accept: 'application/graphql-response+json',
        'content-type': 'application/json',
        ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      },
      method: 'POST',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // The header leaves the fraction of the second out.
    const serverTime = Date.parse(response.headers.get('date')) + 1_000 || Date.now();
    return { field: fieldOf(await response.json()), serverTime };
  };
}

const SESSION = 'accessToken refreshToken expiresAt user { username role } userErrors { code field message }';

export const LOGIN = `mutation Login($input: LoginInput!) { login(input: $input) { ${SESSION} } }`;
export const REFRESH =
  `mutation Refresh($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`;
export const LOGOUT = 'mutation Logout { logout }';
export const ME = 'query Me { me { username role } }';
