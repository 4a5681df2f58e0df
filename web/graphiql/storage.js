/** A storage of the browser, or null where the user forbids it. */
export function browserStorage(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}

const HISTORIES = ['graphiql:queries', 'graphiql:favorites'];
const RECORDS = [...HISTORIES, 'graphiql:tabState'];
const TEXTS = ['graphiql:query', 'graphiql:variables'];

// The value of an argument or variable like `password: "…"` or `"refreshToken": "…"`.
const SECRETS = /((?:password|secret|token|apiKey)"?\s*:\s*)("""[^]*?"""|"(?:[^"\\\n]|\\.)*")/gi;

function withoutSecrets(text) {
  return text.replace(SECRETS, '$1""');
}

function cleaned(key, value) {
  if (TEXTS.includes(key)) return withoutSecrets(value);
  if (!RECORDS.includes(key)) return value;
  return JSON.stringify(JSON.parse(value), (name, part) => {
    // The history would keep the headers of each query, and so any token in them, for good.
    if (name === 'headers' && HISTORIES.includes(key)) return undefined;
    return typeof part === 'string' ? withoutSecrets(part) : part;
  });
}

/** Where GraphiQL keeps tabs, history and theme between visits: its part of `local`, without secrets. */
export function editorStorage(local) {
  if (!local) return null;
  const ownKeys = () => Object.keys(local).filter((key) => key.startsWith('graphiql:'));
  return {
    get length() {
      return ownKeys().length;
    },
    clear: () => ownKeys().forEach((key) => local.removeItem(key)),
    getItem: (key) => local.getItem(key),
    removeItem: (key) => local.removeItem(key),
    setItem: (key, value) => local.setItem(key, cleaned(key, value)),
  };
}
